import { setTimeout as sleep } from "node:timers/promises";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import type { ObjectStore } from "@mayday/storage";
import { QueueNotices } from "../moving/queue-notices.ts";
import { decodeEntry, type Entry } from "./entry.ts";
import { EntryReader, type MovablePlace } from "./entry-reader.ts";
import { WaitingPlaces } from "./waiting-places.ts";

export interface MoverParts<P extends MovablePlace> {
  /** The journal's recent memory. */
  readonly recent: Buffer;
  readonly store: ObjectStore;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "count">;
  /** Told of a batch of entries that are in storage, or given up, and how long that took. */
  readonly onMoved: (places: readonly P[], seconds: number) => Promise<void> | void;
  /** Told of an entry that is damaged and will not be moved. */
  readonly onDamaged: (place: P) => void;
  /** Told why storage does not take entries. */
  readonly onFailed?: (error: unknown) => void;
}

const MOST_ENTRIES = 1024;
/** The journal's syncs wait for the disk behind those of a batch: large ones are felt by clients, small ones move less. */
const LEAST_BYTES = 8 * 1024 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * Puts what the journal holds into storage and tells the queue; what arrives during a batch shares the next. Moving again
 * what was moved before does no harm: it may be killed at any time. A store that fails is tried again for ever, with one
 * entry at a time at first, so that one entry it will not take does not hold up the others.
 */
export class Mover<P extends MovablePlace> {
  readonly #parts: MoverParts<P>;
  readonly #waiting = new WaitingPlaces<P>();
  /** Entries of earlier processes: some of them may be in storage already. */
  readonly #old = new Set<P>();
  readonly #reader: EntryReader;
  readonly #notices: QueueNotices;
  #batchEntries = MOST_ENTRIES;
  /** Grows while more waits than a batch takes. */
  #batchBytes = LEAST_BYTES;
  #running: Promise<void> | undefined;
  #error: unknown;
  /** Ends pauses. */
  readonly #closing = new AbortController();
  /** Ends moving. */
  readonly #stopping = new AbortController();

  constructor(parts: MoverParts<P>) {
    this.#parts = parts;
    this.#reader = new EntryReader(parts.recent);
    this.#notices = new QueueNotices(parts);
  }

  /** Why the last batch could not be stored; undefined when it was. */
  get error(): unknown {
    return this.#error;
  }

  /** Moves what earlier processes left. */
  resume(places: readonly P[]): void {
    for (const place of places) this.#old.add(place);
    this.move(places);
  }

  move(places: readonly P[]): void {
    this.#waiting.add(places);
    if (this.#waiting.count > 0 && !this.#stopping.signal.aborted) this.#running ??= this.#run();
  }

  /** Moves what waits, for `limitMs` at most; the rest is found at the next start. */
  async close(limitMs: number): Promise<void> {
    this.#closing.abort();
    if (this.#error !== undefined) this.#stopping.abort();
    const late = new AbortController();
    const limit = sleep(limitMs, undefined, { signal: late.signal }).catch(() => undefined);
    // A store that hangs is not waited for: what it has not taken is still in the journal.
    await Promise.race([this.#end(), limit]);
    late.abort();
    this.#stopping.abort();
  }

  async #end(): Promise<void> {
    await this.#running;
    await this.#notices.close();
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#waiting.count > 0 && !this.#stopping.signal.aborted) {
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
        this.#waiting.add(batch);
        this.#parts.metrics.count("collector_move_failures_total", {});
        this.#parts.log.warn({ err: error, waiting: this.#waiting.count }, "storage does not take reports");
        if (this.#closing.signal.aborted) this.#stopping.abort();
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
    const batch = this.#waiting.take({ entries: this.#batchEntries, bytes: this.#batchBytes });
    this.#batchBytes = this.#waiting.count > 0 ? Math.min(this.#batchBytes * 2, MOST_BYTES) : LEAST_BYTES;
    return batch;
  }

  async #moveBatch(places: readonly P[]): Promise<void> {
    const started = performance.now();
    const entries = await this.#toStore(places);
    await this.#parts.store.putGroups(entries.map(({ objects }) => objects));
    const seconds = (performance.now() - started) / 1000;
    this.#notices.add(entries);
    for (const place of places) this.#old.delete(place);
    await this.#parts.onMoved(places, seconds);
  }

  /** The entries that are not in storage: some were moved before a kill, and pings are sent twice. */
  async #toStore(places: readonly P[]): Promise<Entry[]> {
    const entries = new Map<string, Entry>();
    for (const { place, bytes } of await this.#reader.read(places)) {
      const entry = decodeEntry(bytes, this.#old.has(place));
      const key = entry?.objects.at(-1)?.key;
      if (entry === undefined || key === undefined) this.#giveUp(place);
      else if (entry.queue !== "pings" && !this.#old.has(place)) entries.set(key, entry);
      else if (!entries.has(key) && (await this.#parts.store.info(key)) === undefined) {
        entries.set(key, entry);
      }
    }
    return [...entries.values()];
  }

  #giveUp(place: P): void {
    this.#parts.onDamaged(place);
    this.#parts.metrics.count("collector_journal_damaged_total", {});
    this.#parts.log.error(
      { segment: place.segment.path, at: place.at },
      "an entry of the journal is damaged and cannot be stored",
    );
  }
}
