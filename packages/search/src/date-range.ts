import { badParameter } from "./bad-parameter.ts";
import { formatInstant, type Instant, instantOf, MICROSECONDS_PER_DAY, parseInstant } from "./instant.ts";
import type { DateBound } from "./query-plan.ts";

const DEFAULT_SPAN = 7n * MICROSECONDS_PER_DAY;
const LONGEST_DAYS = 365n;

interface Bound {
  readonly at: Instant;
  readonly inclusive: boolean;
}

/**
 * The date range of a search. Of several bounds the narrowest count; without an upper one it ends now, without a
 * lower one it begins seven days before its end.
 * @throws MaydayError SEARCH_BAD_PARAMETER for a bare or negated date, a date that is none, more than 365 days
 */
export function dateRange(values: readonly string[], now: Date): { from: DateBound; to: DateBound } {
  let from: Bound | undefined;
  let to: Bound | undefined;
  for (const value of values) {
    const [operator, bound] = parseBound(value);
    if (operator === ">")
      from = from === undefined || isTighter(bound, from, bound.at > from.at) ? bound : from;
    else to = to === undefined || isTighter(bound, to, bound.at < to.at) ? bound : to;
  }
  const end = to ?? { at: instantOf(now), inclusive: true };
  const start = from ?? { at: end.at - DEFAULT_SPAN, inclusive: true };
  if (end.at - start.at > LONGEST_DAYS * MICROSECONDS_PER_DAY)
    throw badParameter("date", `the range is longer than ${LONGEST_DAYS} days`);
  return { from: writeBound(start), to: writeBound(end) };
}

function parseBound(value: string): [operator: ">" | "<", bound: Bound] {
  const parts = /^([<>])(=?)(.*)$/s.exec(value);
  if (parts === null) throw badParameter("date", "a date needs one of the operators >=, >, <=, <");
  const at = parseInstant(parts[3]!);
  if (at === undefined) throw badParameter("date", "not a valid datetime");
  return [parts[1] as ">" | "<", { at, inclusive: parts[2] === "=" }];
}

/** At the same moment the bound that leaves the moment out is the narrower one. */
const isTighter = (bound: Bound, than: Bound, isNarrower: boolean): boolean =>
  isNarrower || (bound.at === than.at && !bound.inclusive);

const writeBound = (bound: Bound): DateBound => ({ at: formatInstant(bound.at), inclusive: bound.inclusive });
