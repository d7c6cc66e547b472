import { setTimeout as sleep } from "node:timers/promises";
import type { CrashId } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import type { Entry } from "../journal/entry.ts";

interface NoticeParts {
  readonly publisher: Pick<Publisher, "publishNewCrashes" | "publishPings">;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "count">;
}

/** What is stored meanwhile is told together: telling of one costs nearly what telling of ten does. */
const GATHER_MS = 100;
const MOST_UNQUEUED = 10_000;

/**
 * Tells the queue what is stored, behind the mover's back: a Redis that is away holds up nothing. The queue is a hint:
 * crashes that could not be queued are found by the sweep; pings are tried again with what is told next.
 */
export class QueueNotices {
  readonly #parts: NoticeParts;
  #crashes: CrashId[] = [];
  #pings: string[] = [];
  #telling: Promise<void> | undefined;
  /** Ends gathering. */
  readonly #closing = new AbortController();

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  add(entries: readonly Pick<Entry, "queue" | "id">[]): void {
    for (const { queue, id } of entries) {
      if (queue === "pings") this.#pings.push(id);
      else this.#crashes.push(id as CrashId);
    }
    if (entries.length > 0) this.#telling ??= this.#tell();
  }

  /** Returns when all that was added is told, or could not be. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#telling;
  }

  async #tell(): Promise<void> {
    let isTold = true;
    while (this.#crashes.length > 0 || (isTold && this.#pings.length > 0)) {
      await sleep(GATHER_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      isTold = await this.#publish(this.#crashes.splice(0), this.#pings.splice(0));
    }
    this.#telling = undefined;
  }

  async #publish(crashes: readonly CrashId[], pings: readonly string[]): Promise<boolean> {
    const { publisher, metrics, log } = this.#parts;
    try {
      await publisher.publishNewCrashes(crashes);
      await publisher.publishPings(pings);
      return true;
    } catch (error) {
      this.#pings = [...pings, ...this.#pings].slice(-MOST_UNQUEUED);
      const entries = crashes.length + pings.length;
      metrics.count("collector_publish_failures_total", {}, entries);
      log.warn({ err: error, entries }, "saved but not queued; the sweep will");
      return false;
    }
  }
}
