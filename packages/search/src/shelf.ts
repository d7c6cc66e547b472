import type { SearchDocument } from "./document.ts";
import type { QueryPlan } from "./query-plan.ts";

/**
 * Where an engine keeps the documents of a week and a source, and so its name of it: `YYYYWW` of reports, `pYYYYWW` of
 * pings. Apart, the many pings cost searches among reports nothing, and no ping's id can take a report's place.
 */
export type Shelf = string;

const PINGS = "p";

export const shelfOf = ({ week, source }: Pick<SearchDocument, "week" | "source">): Shelf =>
  source === "ping" ? `${PINGS}${week}` : week;

export const isShelf = (name: string): boolean => /^p?\d{6}$/.test(name);
export const isOfPings = (shelf: Shelf): boolean => shelf.startsWith(PINGS);
export const weekOfShelf = (shelf: Shelf): string => (isOfPings(shelf) ? shelf.slice(PINGS.length) : shelf);

/** Of those there are, the shelves that a search is about. */
export function shelvesAsked(
  there: readonly Shelf[],
  { weeks, sources = ["report"] }: QueryPlan,
): readonly Shelf[] {
  return there.filter(
    (shelf) =>
      sources.includes(isOfPings(shelf) ? "ping" : "report") &&
      (weeks === undefined || weeks.includes(weekOfShelf(shelf))),
  );
}

/** What a search says of the weeks it was to look at of which there is nothing. */
export function missingWeeks(asked: readonly Shelf[], { weeks = [] }: QueryPlan) {
  const there = new Set(asked.map(weekOfShelf));
  return weeks
    .filter((week) => !there.has(week))
    .map((week) => ({ type: "missing_index", index: `socorro${week}` }));
}
