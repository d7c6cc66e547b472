import { crashesFound } from "./crash-ids.ts";
import type { SearchEngine } from "./engine.ts";

/** Modules that one search asks for. */
const ASKED_AT_ONCE = 40;

/**
 * Of these debug ids those of modules that stand on the crashing stack of a crash in the index.
 * @param debugIds in capital letters
 * @throws {MaydayError} SEARCH_UNAVAILABLE
 */
export async function neededBy(
  debugIds: readonly string[],
  engine: Pick<SearchEngine, "search">,
): Promise<Set<string>> {
  const needed = new Set<string>();
  for (let from = 0; from < debugIds.length; from += ASKED_AT_ONCE) {
    const some = debugIds.slice(from, from + ASKED_AT_ONCE);
    // Mostly no crash has any of them.
    if (!(await hasAny(some, engine))) continue;
    for (const id of some) if (await hasAny([id], engine)) needed.add(id);
  }
  return needed;
}

async function hasAny(debugIds: readonly string[], engine: Pick<SearchEngine, "search">): Promise<boolean> {
  const of = debugIds.map((id) => ({
    op: "like" as const,
    field: "modules_in_stack" as const,
    pattern: `*/${id.toLowerCase()}`,
  }));
  const { dates } = await crashesFound({ weeks: undefined, filter: { op: "any", of } }, engine, 1, 1);
  return dates.size > 0;
}
