import { badParameter, unknownField } from "./bad-parameter.ts";
import { dateRange } from "./date-range.ts";
import { fieldFilter } from "./field-filter.ts";
import { type FieldName, fieldNamed, searchFields } from "./fields.ts";
import { parseInteger } from "./parse-integer.ts";
import type { FieldFilter, QueryPlan, SortKey } from "./query-plan.ts";

const DEFAULT_COLUMNS: readonly FieldName[] = ["uuid", "date", "signature", "product", "version"];
const DEFAULT_FACETS: readonly FieldName[] = ["signature"];
/** More values than any form or tool sends: an engine must bind each of them. */
const MOST_VALUES = 1_000;

type Parameters = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a Super Search query into a plan. Parameters may be repeated; filters without a value are ignored. A name that is
 * no field is refused wherever it stands: who asks for too much may reprocess it.
 * @param now the end of the default date range
 * @throws MaydayError SEARCH_BAD_PARAMETER naming the parameter, also for what the language has and Mayday does
 * not support yet: an answer that leaves a filter out would be wrong without saying so
 */
export function parseSuperSearch(
  params: Iterable<readonly [name: string, value: string]>,
  { now }: { readonly now: Date },
): QueryPlan {
  const given = group(params);
  refuseUnsupported(given);
  refuseUnknownFilters(given);
  const { from, to } = dateRange(given.get("date") ?? [], now);
  return {
    from,
    to,
    filters: filters(given),
    columns: columns(given),
    sort: sort(given),
    facets: facets(given),
    facetsSize: count(given, "_facets_size", 50, 10_000),
    limit: count(given, "_results_number", 100, 1_000),
    offset: count(given, "_results_offset", 0, Number.MAX_SAFE_INTEGER),
  };
}

/** Values by parameter. Empty ones are what a form sends for a box left empty, and are left out. */
function group(params: Iterable<readonly [string, string]>): Parameters {
  const given = new Map<string, string[]>();
  let values = 0;
  for (const [name, value] of params) {
    if (value === "") continue;
    values += 1;
    if (values > MOST_VALUES) throw badParameter(name, `a query has at most ${MOST_VALUES} values`);
    const sofar = given.get(name);
    if (sofar === undefined) given.set(name, [value]);
    else sofar.push(value);
  }
  return given;
}

function refuseUnsupported(given: Parameters): void {
  for (const name of given.keys()) {
    if (/^_(aggs|histogram|histogram_interval)\./.test(name))
      throw badParameter(name, "aggregations inside facets and histograms are not supported yet");
  }
  if (given.get("_return_query")?.some((value) => /^(true|t|1|y|yes)$/i.test(value)))
    throw badParameter("_return_query", "showing the engine's query is not supported yet");
}

/** Parameters that begin with `_` are the language's; those it does not know ask for nothing. */
function refuseUnknownFilters(given: Parameters): void {
  for (const name of given.keys()) {
    if (!name.startsWith("_") && fieldNamed(name) === undefined) throw unknownField(name);
  }
}

function filters(given: Parameters): FieldFilter[] {
  const found: FieldFilter[] = [];
  for (const field of searchFields) {
    const values = given.get(field.name);
    if (field.name !== "date" && values !== undefined) found.push(fieldFilter(field, values));
  }
  return found;
}

function columns(given: Parameters): FieldName[] {
  const names = (given.get("_columns") ?? DEFAULT_COLUMNS).map((name) => {
    const field = fieldNamed(name);
    if (field === undefined) throw unknownField(name);
    return field.name;
  });
  return [...new Set(names)];
}

function sort(given: Parameters): SortKey[] {
  const keys = new Map<FieldName, SortKey>();
  for (const value of given.get("_sort") ?? []) {
    const descending = value.startsWith("-");
    const field = fieldNamed(descending ? value.slice(1) : value);
    if (field === undefined) throw unknownField(value);
    if (!keys.has(field.name)) keys.set(field.name, { field: field.name, descending });
  }
  return [...keys.values()];
}

function facets(given: Parameters): FieldName[] {
  const names = new Set<FieldName>();
  for (const value of given.get("_facets") ?? DEFAULT_FACETS) {
    if (/^_(cardinality|histogram)\./.test(value))
      throw badParameter("_facets", `${/^_\w+/.exec(value)![0]} is not supported yet`);
    const field = fieldNamed(value);
    if (field === undefined) throw unknownField(value);
    names.add(field.name);
  }
  return [...names];
}

function count(given: Parameters, name: string, byDefault: number, most: number): number {
  const text = given.get(name)?.at(-1);
  if (text === undefined) return byDefault;
  const value = parseInteger(text);
  if (value === undefined) throw badParameter(name, "not a valid int");
  if (value < 0 || value > most) throw badParameter(name, `must be from 0 to ${most}`);
  return value;
}
