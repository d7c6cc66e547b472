import { setTimeout as sleep } from "node:timers/promises";
import type { CrashId } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import type { Entry } from "../journal/entry.ts";

interface NoticeParts {
  readonly publisher: Pick<Publisher, "publishNewCrashes">;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "count">;
}

/** What is stored meanwhile is told together: telling of one costs nearly what telling of ten does. */
const GATHER_MS = 100;

/**
 * Tells the queue what is stored, behind the mover's back: a Redis that is away holds up nothing. The queue is a hint:
 * crashes that could not be queued are found by the sweep. Pings are not queued: nothing processes them.
 */
export class QueueNotices {
  readonly #parts: NoticeParts;
  #crashes: CrashId[] = [];
  #telling: Promise<void> | undefined;
  /** Ends gathering. */
  readonly #closing = new AbortController();

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  add(entries: readonly Pick<Entry, "queue" | "id">[]): void {
    for (const { queue, id } of entries) {
      if (queue !== "pings") this.#crashes.push(id as CrashId);
    }
    if (this.#crashes.length > 0) this.#telling ??= this.#tell();
  }

  /** Returns when all that was added is told, or could not be. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#telling;
  }

  async #tell(): Promise<void> {
    while (this.#crashes.length > 0) {
      await sleep(GATHER_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      await this.#publish(this.#crashes.splice(0));
    }
    this.#telling = undefined;
  }

  async #publish(crashes: readonly CrashId[]): Promise<void> {
    const { publisher, metrics, log } = this.#parts;
    try {
      await publisher.publishNewCrashes(crashes);
    } catch (error) {
      metrics.count("collector_publish_failures_total", {}, crashes.length);
      log.warn({ err: error, entries: crashes.length }, "saved but not queued; the sweep will");
    }
  }
}
