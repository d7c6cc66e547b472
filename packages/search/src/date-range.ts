import { badParameter, badSearch } from "./bad-parameter.ts";
import { formatInstant, type Instant, instantOf, MICROSECONDS_PER_DAY } from "./instant.ts";
import { parseQueryDate } from "./query-date.ts";
import type { Filter } from "./query-plan.ts";
import type { SearchOptions } from "./search-options.ts";
import { weekOf, weeksBetween } from "./week.ts";

const DEFAULT_SPAN = 7n * MICROSECONDS_PER_DAY;
const LONGEST_DAYS = 365n;
const RETENTION_WEEKS = 26;
const SECOND = 1_000_000n;

type Operator = ">" | ">=" | "<" | "<=";

interface Bound {
  readonly at: Instant;
  readonly operator: Operator;
  /** In parity only: it bounds the weeks as it stands, and the crashes the other way round. */
  readonly isNegated: boolean;
}

/** Which crashes a search's dates leave, and which weeks they are in; undefined for all weeks. */
export interface DateRange {
  readonly filter: readonly Filter[];
  readonly weeks: readonly string[] | undefined;
}

/**
 * The date range of a search. Of several bounds the narrowest count; without an upper one it ends now, without a
 * lower one it begins seven days before its end.
 * @throws MaydayError SEARCH_BAD_PARAMETER for a bare date, a date that is none, more than 365 days
 */
export function dateRange(values: readonly string[], options: SearchOptions): DateRange {
  const { now, parity = false } = options;
  let from: Bound | undefined;
  let to: Bound | undefined;
  for (const value of values) {
    const bound = parseBound(value, parity);
    if (bound === undefined) continue;
    if (bound.operator.startsWith(">"))
      from = from === undefined || isTighter(bound, from, bound.at > from.at, parity) ? bound : from;
    else to = to === undefined || isTighter(bound, to, bound.at < to.at, parity) ? bound : to;
  }
  to ??= { at: instantOf(now), operator: "<=", isNegated: false };
  from ??= { at: to.at - DEFAULT_SPAN, operator: ">=", isNegated: false };
  if (to.at - from.at > LONGEST_DAYS * MICROSECONDS_PER_DAY)
    throw badSearch(`Date range is bigger than ${LONGEST_DAYS} days`);
  const exact = parity ? wholeSeconds : (bound: Bound) => bound;
  return {
    filter: [from, to].map((bound) => filterOf(exact(bound))),
    weeks: parity ? steppedWeeks(from.at, to.at, options) : keptWeeks(from.at, to.at, options),
  };
}

function parseBound(value: string, parity: boolean): Bound | undefined {
  const isNegated = value.startsWith("!");
  const text = isNegated ? value.slice(1) : value;
  // Every crash has a date.
  if (text.startsWith("__null__") && (parity || isNegated)) return undefined;
  const parts = /^([<>]=?)(.*)$/s.exec(text);
  if (parts === null) {
    if (parseQueryDate(text) !== undefined) throw badSearch("date must have a prefix operator");
    throw badParameter("date", "not a valid datetime");
  }
  const at = parseQueryDate(parts[2]!);
  if (at === undefined) throw badParameter("date", "not a valid datetime");
  const operator = parts[1] as Operator;
  if (!isNegated || parity) return { at, operator, isNegated };
  return { at, operator: opposite[operator], isNegated: false };
}

const opposite: Record<Operator, Operator> = { ">": "<=", ">=": "<", "<": ">=", "<=": ">" };

/** At the same moment the bound that leaves the moment out is the narrower one; in parity the first stays. */
const isTighter = (bound: Bound, than: Bound, isNarrower: boolean, parity: boolean): boolean =>
  isNarrower || (!parity && bound.at === than.at && bound.operator.length < than.operator.length);

/** Crash Stats' bounds lose their fraction, and its engine takes the second that is left for a whole one. */
function wholeSeconds(bound: Bound): Bound {
  const second = bound.at - (((bound.at % SECOND) + SECOND) % SECOND);
  if (bound.operator === ">") return { ...bound, at: second + SECOND, operator: ">=" };
  if (bound.operator === "<=") return { ...bound, at: second + SECOND, operator: "<" };
  return { ...bound, at: second };
}

function filterOf({ at, operator, isNegated }: Bound): Filter {
  const condition: Filter = { op: operator, field: "date", value: formatInstant(at) };
  return isNegated ? { op: "not", of: condition } : condition;
}

const firstKept = ({ now, retentionWeeks = RETENTION_WEEKS }: SearchOptions): string =>
  weekOf(instantOf(now) - BigInt(retentionWeeks * 7) * MICROSECONDS_PER_DAY);

/** Every week of the range that may still be kept. */
function keptWeeks(from: Instant, to: Instant, options: SearchOptions): readonly string[] {
  const [first, last] = [firstKept(options), weekOf(instantOf(options.now))];
  return weeksBetween(from, to).filter((week) => week >= first && week <= last);
}

/** Crash Stats steps by whole days from the lower bound, and takes no week for all weeks. */
function steppedWeeks(from: Instant, to: Instant, options: SearchOptions): readonly string[] | undefined {
  const weeks = new Set<string>();
  for (let at = from; at <= to; at += MICROSECONDS_PER_DAY) weeks.add(weekOf(at));
  const [first, last] = [firstKept(options), weekOf(instantOf(options.now))];
  const kept = [...weeks].filter((week) => week >= first && week <= last);
  return kept.length === 0 ? undefined : kept;
}
