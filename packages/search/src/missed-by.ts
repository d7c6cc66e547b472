import type { CrashId } from "@mayday/crash";
import { crashesFound } from "./crash-ids.ts";
import type { SearchEngine } from "./engine.ts";
import type { Filter } from "./query-plan.ts";

/** Crashes that are told: the newest ones. */
const MOST_CRASHES = 100_000;
/** Modules that one search asks for. */
const ASKED_AT_ONCE = 40;

/** Crashes, the newest first, and whether older ones are left out. */
export interface Missed {
  readonly crashIds: readonly CrashId[];
  readonly isCut: boolean;
}

interface Bounds {
  readonly most: number;
  readonly page?: number;
}

/**
 * The crashes whose walk found no symbols of any of these modules.
 * @param debugIds in capital letters, each {@link isDebugId}; no two modules that were ever built share one
 * @throws {MaydayError} SEARCH_UNAVAILABLE
 */
export async function missedBy(
  debugIds: readonly string[],
  engine: Pick<SearchEngine, "search">,
  bounds: Bounds = { most: MOST_CRASHES },
): Promise<Missed> {
  let dates = new Map<CrashId, string>();
  let isCut = false;
  for (let from = 0; from < debugIds.length; from += ASKED_AT_ONCE) {
    const filters = debugIds.slice(from, from + ASKED_AT_ONCE).flatMap(missing);
    const plan = { weeks: undefined, filter: { op: "any", of: filters } } as const;
    const found = await crashesFound(plan, engine, bounds.most, bounds.page);
    const all = [...new Map([...dates, ...found.dates])].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
    isCut ||= found.isCut || all.length > bounds.most;
    dates = new Map(all.slice(0, bounds.most));
  }
  return { crashIds: [...dates.keys()], isCut };
}

/** Whether it is the debug id of a module that somebody may have built, and nothing else than digits. */
export function isDebugId(text: string): boolean {
  return /^[0-9A-F]{33,40}$/.test(text) && !/^0{32}/.test(text);
}

/** An element is `file/version/debug id` in small letters, and where it is known the code id behind it. */
function missing(debugId: string): Filter[] {
  return [`*/*/${debugId.toLowerCase()}`, `*/*/${debugId.toLowerCase()}/*`].map((pattern) => ({
    op: "like",
    field: "missing_symbols",
    pattern,
  }));
}
