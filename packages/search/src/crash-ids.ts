import type { CrashId } from "@mayday/crash";
import type { SearchEngine } from "./engine.ts";
import type { QueryPlan } from "./query-plan.ts";

/** Crashes that one search gives: what every engine can. */
const PAGE = 10_000;

/** Crashes, the newest first, and whether older ones are left out. */
export interface FoundCrashes {
  /** Each with its date. */
  readonly dates: ReadonlyMap<CrashId, string>;
  readonly isCut: boolean;
}

/**
 * The newest `most` crashes that a search finds, whatever it sorts by and shows. Each page begins at the last one's end, so
 * that crashes that come meanwhile move nothing.
 * @throws {MaydayError} SEARCH_UNAVAILABLE
 */
export async function crashesFound(
  { weeks, filter, sources }: Pick<QueryPlan, "weeks" | "filter" | "sources">,
  engine: Pick<SearchEngine, "search">,
  most: number,
  page = PAGE,
): Promise<FoundCrashes> {
  const dates = new Map<CrashId, string>();
  let until: string | undefined;
  for (;;) {
    const { hits } = await engine.search({
      weeks,
      ...(sources === undefined ? {} : { sources }),
      filter:
        until === undefined ? filter : { op: "all", of: [filter, { op: "<=", field: "date", value: until }] },
      columns: ["uuid", "date"],
      sort: [{ field: "date", descending: true }],
      aggregations: [],
      facetsSize: 0,
      facetsOffset: 0,
      limit: page,
      offset: 0,
      isWeighted: false,
      timeUnit: "microsecond",
    });
    const known = dates.size;
    for (const { uuid, date } of hits) dates.set(uuid as CrashId, String(date));
    if (hits.length < page) return { dates, isCut: false };
    // More of one moment than a page holds cannot be told apart.
    if (dates.size >= most || dates.size === known) return { dates, isCut: true };
    until = String(hits.at(-1)?.["date"]);
  }
}
