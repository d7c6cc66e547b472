import { badParameter, badSearch, UnreadableParameter, unknownField } from "./bad-parameter.ts";
import { type FieldName, fieldNamed, knownField, type SearchField } from "./fields.ts";
import { isAggregation, listed, type Parameters } from "./parameters.ts";
import { parseFloatingPoint, parseInteger } from "./python-values.ts";
import { type Aggregation, type CalendarInterval, nameOf } from "./query-plan.ts";
import type { SearchOptions } from "./search-options.ts";

const DEFAULT_FACETS = ["signature"];
/** Fields above one another in `_aggs.…`; each level multiplies the answer. */
const DEEPEST = 4;
const MOST_AGGREGATIONS = 200;

/** The paths of `_aggs.…` that Crash Stats has besides single fields. */
const PEERS_PATHS = new Set(["product.version", "android_cpu_abi.android_manufacturer.android_model"]);

/**
 * What a search counts: `_facets`, `_aggs.<field>…` and `_histogram.<field>`. What is asked for under one name is one
 * aggregation, with all that is asked for within it.
 */
export function aggregationsOf(given: Parameters, options: SearchOptions): readonly Aggregation[] {
  const asked = [...facets(given, options), ...aggs(given, options), ...histograms(given, options)];
  const merged = options.parity ? lastOfEach(asked) : mergedByName(asked);
  if (countOf(merged) > MOST_AGGREGATIONS)
    throw badParameter("_facets", `a query has at most ${MOST_AGGREGATIONS} facets, histograms and counts`);
  return merged;
}

const countOf = (aggregations: readonly Aggregation[]): number =>
  aggregations.reduce((sum, one) => sum + 1 + (one.kind === "cardinality" ? 0 : countOf(one.within)), 0);

/** Crash Stats keeps them by name, and a later one takes the place of an earlier. */
const lastOfEach = (asked: readonly Aggregation[]): readonly Aggregation[] => [
  ...new Map(asked.map((one) => [nameOf(one), one])).values(),
];

function mergedByName(asked: readonly Aggregation[]): readonly Aggregation[] {
  const merged = new Map<string, Aggregation>();
  for (const one of asked) {
    const before = merged.get(nameOf(one));
    if (before === undefined || before.kind === "cardinality" || one.kind === "cardinality")
      merged.set(nameOf(one), one);
    else merged.set(nameOf(one), { ...before, within: mergedByName([...before.within, ...one.within]) });
  }
  return [...merged.values()];
}

function facets(given: Parameters, options: SearchOptions): readonly Aggregation[] {
  const asked = listed(given, "_facets");
  const known = knownNames(asked, options);
  // Crash Stats shows signatures where it drops all that was asked for.
  const names = asked.length === 0 || (options.parity && known.length === 0) ? DEFAULT_FACETS : known;
  return names.flatMap((name) => named(name, given, []));
}

/** Names of fields and of aggregations of fields; what is neither is refused, or dropped where Crash Stats drops it. */
function knownNames(
  values: readonly string[],
  { parity = false, isStrict = false }: SearchOptions,
): string[] {
  return values.filter((value) => {
    if (fieldNamed(value) !== undefined || isAggregation(value)) return true;
    if (parity && !isStrict) return false;
    const rest = value.replace(/^_(?:cardinality|histogram)\.?/, "");
    // Crash Stats makes nothing of a histogram of what has none.
    if (parity && /^_histogram\./.test(value)) return false;
    throw unknownField(rest);
  });
}

/** The aggregation a value of `_facets`, `_aggs.…` or `_histogram.…` names. */
function named(value: string, given: Parameters, within: readonly Aggregation[]): readonly Aggregation[] {
  const parts = /^_(cardinality|histogram)\.(.+)$/.exec(value);
  if (parts === null) return [{ kind: "terms", field: value, within }];
  const field = knownField(parts[2]!);
  if (parts[1] === "cardinality") return [{ kind: "cardinality", field: field.name }];
  return [histogram(field, given, within)];
}

function aggs(given: Parameters, options: SearchOptions): readonly Aggregation[] {
  const { parity = false, isStrict = false } = options;
  const found: { readonly depth: number; readonly aggregation: Aggregation }[] = [];
  for (const name of given.keys()) {
    const path = /^_aggs\.(.*)$/s.exec(name)?.[1]?.split(".");
    if (path === undefined) continue;
    const isKnown = path.every((part) => fieldNamed(part) !== undefined);
    if (parity && (!isKnown || (path.length > 1 && !PEERS_PATHS.has(path.join("."))))) continue;
    if (!isKnown) throw unknownField(path.find((part) => fieldNamed(part) === undefined) ?? "");
    if (path.length > DEEPEST) throw badParameter(name, `at most ${DEEPEST} fields within one another`);
    const values = knownNames(listed(given, name), options);
    if (values.length === 0 && parity && !isStrict) continue;
    const within = values.flatMap((value) => named(value, given, []));
    found.push({ depth: path.length, aggregation: nested(path, within) });
  }
  return found.toSorted((a, b) => b.depth - a.depth).map(({ aggregation }) => aggregation);
}

const nested = (path: readonly FieldName[], within: readonly Aggregation[]): Aggregation => ({
  kind: "terms",
  field: path[0]!,
  within: path.length === 1 ? within : [nested(path.slice(1), within)],
});

function histograms(given: Parameters, options: SearchOptions): readonly Aggregation[] {
  const { parity = false, isStrict = false } = options;
  const found: Aggregation[] = [];
  for (const name of given.keys()) {
    const fieldName = /^_histogram\.(.*)$/s.exec(name)?.[1];
    if (fieldName === undefined) continue;
    if (!isAggregation(`_histogram.${fieldName}`)) {
      if (parity) continue;
      if (fieldNamed(fieldName) === undefined) throw unknownField(fieldName);
      throw badParameter(name, "the field has no numbers and no dates");
    }
    const values = knownNames(listed(given, name), options);
    if (values.length === 0 && parity && !isStrict) continue;
    const within = values.flatMap((value) => named(value, given, []));
    found.push(histogram(knownField(fieldName), given, within));
  }
  return found;
}

function histogram(field: SearchField, given: Parameters, within: readonly Aggregation[]): Aggregation {
  const name = `_histogram_interval.${field.name}`;
  const text = given.get(name)?.at(-1) ?? "";
  if (field.query === "date") {
    return { kind: "dates", field: field.name, interval: calendarInterval(name, text), within };
  }
  const value = text.trim() === "" ? 1 : numberIn(field, name, text);
  if (!(value > 0) || !Number.isFinite(value)) throw badParameter(name, "an interval must be above 0");
  return { kind: "numbers", field: field.name, interval: value, within };
}

function numberIn(field: SearchField, name: string, text: string): number {
  if (field.query === "integer") {
    const value = parseInteger(text.trim().replace(/\.0*$/, ""));
    if (value === undefined) throw new UnreadableParameter(name, "Enter a whole number.");
    return Number(value);
  }
  const value = parseFloatingPoint(text);
  if (value === undefined || !Number.isFinite(value)) throw new UnreadableParameter(name, "Enter a number.");
  return value;
}

const intervals: Readonly<Record<string, CalendarInterval>> = {
  "1m": "minute",
  "1h": "hour",
  "1d": "day",
  "1w": "week",
  "1M": "month",
  "1q": "quarter",
  "1y": "year",
  minute: "minute",
  hour: "hour",
  day: "day",
  week: "week",
  month: "month",
  quarter: "quarter",
  year: "year",
};

function calendarInterval(name: string, text: string): CalendarInterval {
  if (text === "") return "day";
  if (!Object.hasOwn(intervals, text)) throw badSearch(`Bad value for parameter(s) '${name}'`);
  return intervals[text]!;
}
