import { type CrashId, dayOf } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import type { SearchEngine } from "@mayday/search";
import type { CrashStorage } from "@mayday/storage";

export interface SweepParts {
  readonly storage: CrashStorage;
  readonly publisher: Publisher;
  readonly engine: Pick<SearchEngine, "has">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

export interface SweepReach {
  /** Days back, today included. */
  readonly days: number;
  /** Crashes saved less than this long ago are the queue's, ms. */
  readonly graceMs: number;
  /** Ends the sweep where it is. */
  readonly signal?: AbortSignal;
}

export interface SweepResult {
  readonly unprocessed: number;
  readonly unindexed: number;
}

const DAY_MS = 86_400_000;
const CHUNK = 100;

/** Finds what fell out of the pipeline, by what storage holds. Remembers what it saw whole, so as to look once. */
export class Sweep {
  readonly #parts: SweepParts;
  readonly #whole = new Map<string, Set<CrashId>>();

  constructor(parts: SweepParts) {
    this.#parts = parts;
  }

  /** Queues reports that were saved and not processed, and processed crashes that are not in the search index. */
  async run({ days, graceMs, signal }: SweepReach): Promise<SweepResult> {
    const now = this.#parts.now();
    const result = { unprocessed: 0, unindexed: 0 };
    const reach = Array.from({ length: days }, (_, back) => dayOf(new Date(now.getTime() - back * DAY_MS)));
    for (const day of this.#whole.keys()) if (!reach.includes(day)) this.#whole.delete(day);
    for (const day of reach) {
      for await (const ids of this.#chunks(day, now.getTime() - graceMs, signal)) {
        const { unprocessed, unindexed } = await this.#repair(ids, this.#wholeOn(day));
        result.unprocessed += unprocessed;
        result.unindexed += unindexed;
      }
    }
    if (result.unprocessed + result.unindexed > 0) this.#parts.log.warn(result, "swept");
    return result;
  }

  async *#chunks(
    day: string,
    savedBefore: number,
    signal: AbortSignal | undefined,
  ): AsyncIterable<CrashId[]> {
    const whole = this.#wholeOn(day);
    let ids: CrashId[] = [];
    for await (const { id, savedAt } of this.#parts.storage.listReports(day)) {
      if (signal?.aborted) return;
      if (whole.has(id) || savedAt.getTime() > savedBefore) continue;
      ids.push(id);
      if (ids.length < CHUNK) continue;
      yield ids;
      ids = [];
    }
    if (ids.length > 0) yield ids;
  }

  async #repair(ids: readonly CrashId[], whole: Set<CrashId>): Promise<SweepResult> {
    const { storage, publisher, engine, metrics } = this.#parts;
    const indexed = await engine.has(ids);
    let unprocessed = 0;
    let unindexed = 0;
    for (const id of ids) {
      if (!(await storage.hasProcessed(id))) {
        await publisher.publishCrash("standard", id);
        metrics.count("scheduler_repaired_total", { missing: "processing" });
        unprocessed++;
      } else if (!indexed.has(id)) {
        await publisher.republishIndexing(id);
        metrics.count("scheduler_repaired_total", { missing: "indexing" });
        unindexed++;
      } else whole.add(id);
    }
    return { unprocessed, unindexed };
  }

  #wholeOn(day: string): Set<CrashId> {
    const known = this.#whole.get(day) ?? new Set();
    this.#whole.set(day, known);
    return known;
  }
}
