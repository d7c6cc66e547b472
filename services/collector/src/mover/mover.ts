import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { CrashId } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import {
  dayOfPingKey,
  type ObjectStore,
  type PingBatch,
  pingBatches,
  type StoredObject,
} from "@mayday/storage";
import pTimeout from "p-timeout";
import { decodeEntry, type Entry } from "../journal/entry.ts";
import type { Place } from "../journal/segment.ts";

export interface MoverParts<P extends Place> {
  readonly store: ObjectStore;
  readonly publisher: Pick<Publisher, "publishNewCrashes" | "publishPings">;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "count">;
  /** Told of entries that are in storage, or given up, and how long that took. */
  readonly onMoved: (places: readonly P[], seconds: number) => Promise<void> | void;
  /** Told of crashes that were stored and queued, where their batch was begun at `from`, ms since 1970. */
  readonly onQueued?: (crashIds: readonly CrashId[], from: number) => void;
  /** Told of an entry that is damaged and will not be moved. */
  readonly onDamaged: (place: P) => void;
  /** Told why storage does not take entries. */
  readonly onFailed?: (error: unknown) => void;
}

/** What arrives within so many ms is moved together: a batch of one costs nearly what a batch of ten does. */
const GATHER_MS = 50;
const MOST_ENTRIES = 1024;
const MOST_BYTES = 16 * 1024 * 1024;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * Reads entries back from the journal, puts them into storage, then queues their crash ids. Moving again what was moved
 * before does no harm: it may be killed at any time. A store that fails is tried again for ever, with one entry at a time
 * at first, so that one entry it will not take does not hold up the others.
 */
export class Mover<P extends Place> {
  readonly #parts: MoverParts<P>;
  #waiting: P[] = [];
  #batchEntries = MOST_ENTRIES;
  #memory: Buffer | undefined;
  #running: Promise<void> | undefined;
  #error: unknown;
  /** Ends pauses. */
  readonly #closing = new AbortController();
  #isStopped = false;

  constructor(parts: MoverParts<P>) {
    this.#parts = parts;
  }

  /** Why the last batch could not be stored; undefined when it was. */
  get error(): unknown {
    return this.#error;
  }

  move(places: readonly P[]): void {
    for (const place of places) this.#waiting.push(place);
    if (this.#waiting.length > 0 && !this.#isStopped) this.#running ??= this.#run();
  }

  /** Moves what waits, for `limitMs` at most; the rest is found at the next start. */
  async close(limitMs: number): Promise<void> {
    this.#closing.abort();
    if (this.#error !== undefined) this.#isStopped = true;
    // A store that hangs is not waited for: what it has not taken is still in the journal.
    await pTimeout(Promise.resolve(this.#running), { milliseconds: Math.max(1, limitMs), message: false });
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#waiting.length > 0 && !this.#isStopped) {
      await this.#pause(GATHER_MS);
      const batch = this.#take();
      try {
        await this.#moveBatch(batch);
        this.#error = undefined;
        this.#batchEntries = Math.min(this.#batchEntries * 2, MOST_ENTRIES);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        this.#error = error;
        this.#parts.onFailed?.(error);
        this.#batchEntries = 1;
        this.#waiting.push(...batch);
        this.#parts.metrics.count("collector_move_failures_total", {});
        this.#parts.log.warn({ err: error, waiting: this.#waiting.length }, "storage does not take reports");
        if (this.#closing.signal.aborted) this.#isStopped = true;
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    this.#running = undefined;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  #take(): P[] {
    let bytes = 0;
    let count = 0;
    for (const { length } of this.#waiting) {
      bytes += length;
      if (count >= this.#batchEntries || (count > 0 && bytes > MOST_BYTES)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #moveBatch(batch: readonly P[]): Promise<void> {
    const { store, onMoved, onQueued, log } = this.#parts;
    const from = Date.now();
    const started = performance.now();
    const entries = await this.#read(batch);
    const { reports, pings } = partsOf(entries);
    // Pings are small and many: those of a batch are one object.
    const batches = pingBatches(pings);
    await store.putGroups([...reports, ...batches.map(({ object }) => [object])]);
    const crashIds = entries.map(({ crashId }) => crashId).filter((id) => id !== undefined);
    const seconds = (performance.now() - started) / 1000;
    await this.#queue(
      crashIds,
      batches.map(({ batch }) => batch),
    );
    onQueued?.(crashIds, from);
    await onMoved(batch, seconds);
    log.info({ crashIds, seconds }, "moved to storage");
  }

  /** The queue is a hint: what could not be queued is found by the sweep. */
  async #queue(crashIds: readonly CrashId[], pings: readonly PingBatch[]): Promise<void> {
    try {
      await this.#parts.publisher.publishNewCrashes(crashIds);
      await this.#parts.publisher.publishPings(pings);
    } catch (error) {
      this.#parts.metrics.count("collector_publish_failures_total", {}, crashIds.length + pings.length);
      this.#parts.log.warn({ err: error, crashIds }, "saved but not queued; the sweep will");
    }
  }

  async #read(places: readonly P[]): Promise<Entry[]> {
    const entries: Entry[] = [];
    const memory = this.#memoryFor(places.reduce((sum, { length }) => sum + length, 0));
    let used = 0;
    for (const run of neighbours(places)) {
      const [{ path, at: from }] = run;
      const length = run.reduce((sum, place) => sum + place.length, 0);
      const bytes = await readAt(path, from, memory.subarray(used, used + length));
      used += length;
      for (const place of run) {
        // What this process wrote is still in the page cache; a dump's digest stands in its raw crash, too.
        const own = bytes.subarray(place.at - from, place.at - from + place.length);
        const entry = decodeEntry(own, place.isLeft === true);
        if (entry === undefined) this.#giveUp(place);
        else entries.push(entry);
      }
    }
    return entries;
  }

  /** One batch after the other uses the same: new memory is filled with zeros by the system first. */
  #memoryFor(bytes: number): Buffer {
    if (bytes > MOST_BYTES) return Buffer.allocUnsafeSlow(bytes);
    this.#memory ??= Buffer.allocUnsafeSlow(MOST_BYTES);
    return this.#memory;
  }

  #giveUp(place: P): void {
    this.#parts.onDamaged(place);
    this.#parts.metrics.count("collector_journal_damaged_total", {});
    this.#parts.log.error(
      { segment: place.path, at: place.at },
      "an entry of the journal is damaged and cannot be stored",
    );
  }
}

/** The objects of reports, each report's together, and those of pings. */
function partsOf(entries: readonly Entry[]): {
  readonly reports: readonly (readonly StoredObject[])[];
  readonly pings: readonly StoredObject[];
} {
  const [pings, reports] = [true, false].map((arePings) =>
    entries
      .map(({ objects }) => objects)
      .filter(([object]) => (object !== undefined && dayOfPingKey(object.key) !== undefined) === arePings),
  );
  return { reports: reports ?? [], pings: (pings ?? []).flat() };
}

/** Runs of places that follow each other in one file. */
function neighbours<P extends Place>(places: readonly P[]): [P, ...P[]][] {
  const runs: [P, ...P[]][] = [];
  let end: P | undefined;
  for (const place of places) {
    const follows = end !== undefined && place.path === end.path && place.at === end.at + end.length;
    if (follows) runs.at(-1)?.push(place);
    else runs.push([place]);
    end = place;
  }
  return runs;
}

async function readAt(path: string, at: number, into: Buffer): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { bytesRead } = await file.read(into, 0, into.length, at);
    return into.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
