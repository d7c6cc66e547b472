import { badParameter, badSearch, UnreadableParameter, unknownField } from "./bad-parameter.ts";
import { dateRange } from "./date-range.ts";
import { fieldFilter } from "./field-filter.ts";
import { type FieldName, fieldNamed, searchFields } from "./fields.ts";
import { isAggregation, listed, type Parameters } from "./parameters.ts";
import { aggregationsOf } from "./parse-aggregations.ts";
import { asciiDigits } from "./python-values.ts";
import type { Filter, QueryPlan, SortKey, Source } from "./query-plan.ts";
import type { SearchOptions } from "./search-options.ts";

const DEFAULT_COLUMNS: readonly FieldName[] = ["uuid", "date", "signature", "product", "version"];
/** More values than any form or tool sends. */
const MOST_VALUES = 1_000;
const MOST_HITS = 1_000;
const MOST_FACETS = 10_000;
/** How many terms of a facet can be paged through: as far as OpenSearch's counts are exact. */
export const DEEPEST_FACET = 20_000;
const DEEPEST_PAGE = 10_000;

/**
 * Reads a Super Search query into a plan. Parameters may be repeated. A name that is no field is refused wherever it
 * stands, but for parity: who asks for too much may reprocess it.
 * @throws MaydayError SEARCH_BAD_PARAMETER naming the parameter
 */
export function parseSuperSearch(
  params: Iterable<readonly [name: string, value: string]>,
  options: SearchOptions,
): QueryPlan {
  const given = group(params);
  if (!options.parity) refuseUnknownFilters(given);
  refuseUnknownProducts(given, options);
  const limit = count(given, "_results_number", 100);
  const offset = count(given, "_results_offset", 0);
  const facetsSize = count(given, "_facets_size", 50);
  const facetsOffset = count(given, "_facets_offset", 0);
  if (limit > MOST_HITS) throw badSearch("_results_number cannot be greater than 1,000");
  if (facetsSize > MOST_FACETS)
    throw badSearch("Bad value for parameter(s) '_facets_size greater than 10,000'");
  if (facetsOffset + facetsSize > DEEPEST_FACET)
    throw badParameter("_facets_offset", "and _facets_size together cannot be greater than 20,000");
  if (options.parity && offset + limit > DEEPEST_PAGE)
    throw badSearch("_results_offset + _results_number cannot be greater than 10,000");
  const dates = dateRange(given.get("date") ?? [], options);
  return {
    weeks: dates.weeks,
    ...sourcesOf(given),
    filter: { op: "all", of: [...dates.filter, ...filters(given, options)] },
    columns: columns(given),
    sort: sort(given, options),
    aggregations: facetsSize === 0 ? [] : aggregationsOf(given, options),
    facetsSize,
    facetsOffset,
    limit,
    offset,
    isWeighted: isTrue(given.get("_weights")?.at(-1)),
    timeUnit: options.parity ? "millisecond" : "microsecond",
  };
}

const SOURCES: Readonly<Record<string, readonly Source[]>> = {
  report: ["report"],
  ping: ["ping"],
  both: ["report", "ping"],
};

/** Whether reports, pings or both are searched: reports, as in Crash Stats, where nothing is said. */
function sourcesOf(given: Parameters): Pick<QueryPlan, "sources"> {
  const asked = given.get("source")?.at(-1);
  if (asked === undefined || asked === "" || asked === "report") return {};
  const sources = Object.hasOwn(SOURCES, asked) ? SOURCES[asked] : undefined;
  if (sources === undefined) throw badParameter("source", "must be report, ping or both");
  return { sources };
}

const isTrue = (text = ""): boolean => /^(?:true|t|1|y|yes)$/i.test(text);

function group(params: Iterable<readonly [string, string]>): Parameters {
  const given = new Map<string, string[]>();
  let values = 0;
  for (const [name, value] of params) {
    values += 1;
    if (values > MOST_VALUES) throw badParameter(name, `a query has at most ${MOST_VALUES} values`);
    const sofar = given.get(name);
    if (sofar === undefined) given.set(name, [value]);
    else sofar.push(value);
  }
  return given;
}

/** What a web address carries besides the search: how the answer is written, and that it is not to be kept. */
const OTHERS = new Set(["pretty", "format", "dont_cache", "source"]);

/** Parameters that begin with `_` are the language's; those it does not know ask for nothing. */
function refuseUnknownFilters(given: Parameters): void {
  for (const name of given.keys()) {
    if (!name.startsWith("_") && fieldNamed(name) === undefined && !OTHERS.has(name))
      throw unknownField(name);
  }
}

/** A product that is none of the configured ones is a slip of the pen more often than a search for nothing. */
function refuseUnknownProducts(given: Parameters, { products, parity = false }: SearchOptions): void {
  if (products === undefined) return;
  const asked = (given.get("product") ?? []).map((value) => (parity ? value : value.replace(/^!/, "")));
  const unknown = asked.filter((value) => !products.has(value) && (parity || value !== "__null__"));
  if (unknown.length > 0)
    throw badSearch(`Bad value for parameter(s) 'Not valid products: ${unknown.join(", ")}'`);
}

function filters(given: Parameters, options: SearchOptions): Filter[] {
  const found: Filter[] = [];
  for (const field of searchFields) {
    const values = given.get(field.name);
    if (field.name !== "date" && values !== undefined) found.push(fieldFilter(field, values, options));
  }
  return found;
}

function columns(given: Parameters): FieldName[] {
  const asked = listed(given, "_columns");
  if (asked.length === 0 && given.has("_columns")) throw badParameter("_columns", "names no field");
  const names = (asked.length === 0 ? DEFAULT_COLUMNS : asked).map((name) => {
    const field = fieldNamed(name);
    if (field === undefined) throw unknownField(name);
    return field.name;
  });
  return [...new Set(names)];
}

function sort(given: Parameters, { parity = false, isStrict = false }: SearchOptions): SortKey[] {
  const keys: SortKey[] = [];
  for (const value of listed(given, "_sort")) {
    const descending = value.startsWith("-");
    const name = descending ? value.slice(1) : value;
    const field = fieldNamed(name);
    if (field === undefined) {
      if (parity && !isStrict && !isAggregation(name)) continue;
      throw unknownField(name);
    }
    if (field.isOfStacks) throw badParameter("_sort", `${field.name} has no order`);
    if (!keys.some((key) => key.field === field.name)) keys.push({ field: field.name, descending });
  }
  return keys;
}

/** A number of a form; of several the last counts. */
function count(given: Parameters, name: string, byDefault: number): number {
  const text = asciiDigits((given.get(name)?.at(-1) ?? "").trim()).replace(/\.0*$/, "");
  if (text === "") return byDefault;
  if (!/^[+-]?\d+(?:_\d+)*$/.test(text)) throw new UnreadableParameter(name, "Enter a whole number.");
  const value = Number(text.replaceAll("_", ""));
  if (value < 0) throw badParameter(name, "must not be below 0");
  return value;
}
