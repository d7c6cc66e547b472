import { setTimeout as sleep } from "node:timers/promises";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import type { PackingStore } from "@mayday/storage";
import { QueueNotices } from "../moving/queue-notices.ts";
import type { KeptBatch, KeptEntry } from "./pack-keeper.ts";

export interface PackMoverParts<K extends KeptBatch> {
  readonly store: Pick<PackingStore, "info" | "show">;
  readonly publisher: Pick<Publisher, "publishNewCrashes" | "publishPings">;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "count">;
  /** Told of batches that are found from now on, and how long that took. */
  readonly onMoved: (kept: readonly K[], seconds: number) => void;
  /** Told why they cannot be shown. */
  readonly onFailed: (error: unknown) => void;
}

const PAUSE_MS = 1000;

/** Lets batches be found that are in packs, and tells the queue. An index that fails is tried again for ever. */
export class PackMover<K extends KeptBatch> {
  readonly #parts: PackMoverParts<K>;
  readonly #notices: QueueNotices;
  #waiting: K[] = [];
  #running: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(parts: PackMoverParts<K>) {
    this.#parts = parts;
    this.#notices = new QueueNotices(parts);
  }

  move(kept: readonly K[]): void {
    this.#waiting.push(...kept);
    if (this.#waiting.length > 0) this.#running ??= this.#run();
  }

  /** Returns when all is shown and told, or cannot be: then the next start finds it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#notices.close();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const kept = this.#waiting.splice(0);
      try {
        await this.#show(kept);
      } catch (error) {
        this.#waiting.unshift(...kept);
        this.#parts.onFailed(error);
        this.#parts.metrics.count("collector_move_failures_total", {});
        this.#parts.log.warn(
          { err: error, waiting: this.#waiting.length },
          "the packs' index takes no reports",
        );
        if (this.#closing.signal.aborted) break;
        await sleep(PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
    this.#running = undefined;
  }

  async #show(kept: readonly K[]): Promise<void> {
    const started = performance.now();
    const news: KeptEntry[] = [];
    for (const entry of kept.flatMap(({ entries }) => entries)) {
      if (await this.#isNew(entry)) news.push(entry);
    }
    this.#parts.store.show(kept.map(({ batch }) => batch));
    this.#notices.add(news);
    this.#parts.onMoved(kept, (performance.now() - started) / 1000);
  }

  /** Pings are sent twice; no crash is. */
  async #isNew({ queue, key }: KeptEntry): Promise<boolean> {
    return queue !== "pings" || (await this.#parts.store.info(key)) === undefined;
  }
}
