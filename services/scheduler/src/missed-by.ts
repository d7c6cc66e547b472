import type { CrashId } from "@mayday/crash";
import type { Filter, SearchEngine } from "@mayday/search";

/** Crashes that are told: the newest ones. */
const MOST_CRASHES = 100_000;
/** Modules that one search asks for. */
const ASKED_AT_ONCE = 40;

/** Crashes, the newest first, and how many older ones are left out. */
export interface Missed {
  readonly crashIds: readonly CrashId[];
  readonly leftOut: number;
}

/**
 * The crashes whose walk found no symbols of any of these modules.
 * @param debugIds in capital letters, each {@link isDebugId}; no two modules that were ever built share one
 * @throws {MaydayError} SEARCH_UNAVAILABLE
 */
export async function missedBy(
  debugIds: readonly string[],
  engine: Pick<SearchEngine, "search">,
): Promise<Missed> {
  let dates = new Map<CrashId, string>();
  let leftOut = 0;
  for (let from = 0; from < debugIds.length; from += ASKED_AT_ONCE) {
    const { hits, total } = await engine.search({
      weeks: undefined,
      filter: { op: "any", of: debugIds.slice(from, from + ASKED_AT_ONCE).flatMap(missing) },
      columns: ["uuid", "date"],
      sort: [{ field: "date", descending: true }],
      aggregations: [],
      facetsSize: 0,
      limit: MOST_CRASHES,
      offset: 0,
      isWeighted: false,
      timeUnit: "microsecond",
    });
    leftOut += total - hits.length;
    for (const { uuid, date } of hits) dates.set(uuid as CrashId, String(date));
    const newest = [...dates].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
    leftOut += Math.max(newest.length - MOST_CRASHES, 0);
    dates = new Map(newest.slice(0, MOST_CRASHES));
  }
  return { crashIds: [...dates.keys()], leftOut };
}

/** Whether it is the debug id of a module that somebody may have built, and nothing else than digits. */
export function isDebugId(text: string): boolean {
  return /^[0-9A-F]{33,40}$/.test(text) && !/^0{32}/.test(text);
}

/** An element is `file/version/debug id` in small letters, and where it is known the code id behind it. */
function missing(debugId: string): Filter[] {
  return [`*/${debugId.toLowerCase()}`, `*/${debugId.toLowerCase()}/*`].map((pattern) => ({
    op: "like",
    field: "missing_symbols",
    pattern,
  }));
}
