import { type CrashId, dayOf } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Notebook, Publisher } from "@mayday/queue";
import type { SearchEngine } from "@mayday/search";
import type { CrashStorage } from "@mayday/storage";

export interface SweepParts {
  readonly storage: Pick<CrashStorage, "listReports" | "hasProcessed">;
  readonly publisher: Pick<Publisher, "publishCrash" | "republishIndexing">;
  readonly engine: Pick<SearchEngine, "has">;
  /** Remembers which days were whole, and when. */
  readonly notebook: Pick<Notebook, "read" | "write" | "forget">;
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
  /** Days that were listed. */
  readonly days: number;
  readonly unprocessed: number;
  readonly unindexed: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CHUNK = 100;
/** A day that is over may still get reports from collectors' journals. */
const LATE_MS = HOUR_MS;
/** How long a day that was found whole is believed to be, ms. */
const WHOLE_LASTS_MS = 6 * HOUR_MS;
const PAGE = "whole-days";
const REACH_PAGE = "sweep-reach";

/**
 * Finds what fell out of the pipeline, by what storage holds. Today is listed each time, a day that is over until it was
 * found whole, and then a few times a day. A Redis that lost its data has lost that memory too, so all days are looked at;
 * and so they are when a sweep is to reach further back than the last one did: whoever asks for that has restored something.
 */
export class Sweep {
  readonly #parts: SweepParts;
  /** Of days that are not whole: those of their crashes that are. */
  readonly #whole = new Map<string, Set<CrashId>>();

  constructor(parts: SweepParts) {
    this.#parts = parts;
  }

  /** Queues reports that were saved and not processed, and processed crashes that are not in the search index. */
  async run({ days, graceMs, signal }: SweepReach): Promise<SweepResult> {
    const { notebook, log, now: clock } = this.#parts;
    const now = clock().getTime();
    const result = { days: 0, unprocessed: 0, unindexed: 0 };
    const reach = Array.from({ length: days }, (_, back) => dayOf(new Date(now - back * DAY_MS)));
    for (const day of this.#whole.keys()) if (!reach.includes(day)) this.#whole.delete(day);
    const last = Number((await notebook.read(REACH_PAGE))["days"] ?? days);
    if (days > last) await this.#forgetAll();
    const wholeAt = await notebook.read(PAGE);
    await notebook.forget(
      PAGE,
      Object.keys(wholeAt).filter((day) => !reach.includes(day)),
    );
    for (const day of reach) {
      if (signal?.aborted) break;
      if (now - Number(wholeAt[day] ?? 0) < WHOLE_LASTS_MS) continue;
      const found = await this.#sweepDay(day, now - graceMs, signal);
      result.days++;
      result.unprocessed += found.unprocessed;
      result.unindexed += found.unindexed;
      const isOver = now - endOf(day) > LATE_MS;
      if (!isOver || !found.isWhole || signal?.aborted) continue;
      await notebook.write(PAGE, { [day]: String(now) });
      this.#whole.delete(day);
    }
    // One that was ended on its way is still to be done.
    if (!signal?.aborted) await notebook.write(REACH_PAGE, { days: String(days) });
    if (result.unprocessed + result.unindexed > 0) log.warn(result, "swept");
    return result;
  }

  async #sweepDay(day: string, savedBefore: number, signal: AbortSignal | undefined) {
    const { storage } = this.#parts;
    const whole = this.#wholeOn(day);
    const found = { unprocessed: 0, unindexed: 0, isWhole: true };
    let ids: CrashId[] = [];
    const repair = async () => {
      const { unprocessed, unindexed } = await this.#repair(ids, whole);
      found.unprocessed += unprocessed;
      found.unindexed += unindexed;
      ids = [];
    };
    for await (const { id, savedAt } of storage.listReports(day)) {
      if (signal?.aborted) break;
      if (whole.has(id)) continue;
      if (savedAt.getTime() > savedBefore) {
        found.isWhole = false;
        continue;
      }
      ids.push(id);
      if (ids.length === CHUNK) await repair();
    }
    if (ids.length > 0) await repair();
    if (found.unprocessed + found.unindexed > 0) found.isWhole = false;
    return found;
  }

  async #repair(ids: readonly CrashId[], whole: Set<CrashId>) {
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

  async #forgetAll(): Promise<void> {
    const { notebook } = this.#parts;
    this.#whole.clear();
    await notebook.forget(PAGE, Object.keys(await notebook.read(PAGE)));
  }

  #wholeOn(day: string): Set<CrashId> {
    const known = this.#whole.get(day) ?? new Set();
    this.#whole.set(day, known);
    return known;
  }
}

/** When a day (`YYYYMMDD`, UTC) was over, ms. */
function endOf(day: string): number {
  return Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`) + DAY_MS;
}
