import { parseInstant } from "../instant.ts";
import type { Condition, Filter } from "../query-plan.ts";
import { type Shelf, weekOfShelf } from "../shelf.ts";
import { boundsOfWeek } from "../week.ts";

/** A bound of the date that every crash of a search must keep. */
export type DateBound = Condition & { readonly op: ">" | ">=" | "<" | "<=" };

/** A filter's bounds of the date, and what is left of it without them. */
export function datesApart(filter: Filter): { readonly dates: readonly DateBound[]; readonly left: Filter } {
  const conditions: readonly Filter[] = filter.op === "all" ? filter.of : [filter];
  const dates = conditions.filter(isDateBound);
  return { dates, left: { op: "all", of: conditions.filter((one) => !isDateBound(one)) } };
}

const isDateBound = (filter: Filter): filter is DateBound =>
  (filter.op === ">" || filter.op === ">=" || filter.op === "<" || filter.op === "<=") &&
  filter.field === "date";

/** The bounds that some crash of the week may not keep, as SQL: a week within the range need not be looked at for them. */
export function boundsIn(shelf: Shelf, dates: readonly DateBound[]): string[] {
  const { from, end } = boundsOfWeek(weekOfShelf(shelf));
  return dates.flatMap(({ op, value }) => {
    const at = parseInstant(String(value));
    if (at === undefined) throw new TypeError("a plan's date cannot be read");
    const isKept = op === ">" ? from > at : op === ">=" ? from >= at : end <= at;
    return isKept ? [] : [`"date" ${op} make_timestamp(${at})`];
  });
}
