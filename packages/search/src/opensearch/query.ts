import { knownField } from "../fields.ts";
import { type Aggregation, type Condition, type Filter, nameOf, type QueryPlan } from "../query-plan.ts";
import { termName, WEIGHT, wholeName } from "./mapping.ts";

/** Terms that each shard gives: with fewer, counts of what is rare in one of them would be too low. */
const SHARD_SIZE = 20_000;

/**
 * So many values are counted nearly exactly. Each bucket takes the memory for all of them from its first value on, and
 * there may be as many buckets as a shard gives terms: were it as much within them, searches would take a minute, or be
 * refused.
 */
const COUNTED = 40_000;
const COUNTED_WITHIN = 3_000;

/** A filter in OpenSearch's query language. */
export function queryOf(filter: Filter): object {
  switch (filter.op) {
    case "all":
      return { bool: { filter: filter.of.map(queryOf) } };
    case "any":
      return filter.of.length === 0
        ? { match_none: {} }
        : { bool: { should: filter.of.map(queryOf), minimum_should_match: 1 } };
    case "not":
      return { bool: { must_not: [queryOf(filter.of)] } };
    default:
      return conditionOf(filter);
  }
}

const ranges = { ">": "gt", ">=": "gte", "<": "lt", "<=": "lte" } as const;

function conditionOf(condition: Condition): object {
  const field = knownField(condition.field);
  const whole = wholeName(field);
  switch (condition.op) {
    case "missing": {
      // A text without a word has no trace in the words' field.
      const isText = field.mapping === "text" || field.mapping === "semicolons";
      return { bool: { must_not: [{ exists: { field: isText ? `${field.name}.full` : field.name } }] } };
    }
    case "words":
      return condition.words.length === 0 ? { match_none: {} } : { terms: { [field.name]: condition.words } };
    case "equals":
      return { term: { [whole]: { value: condition.value } } };
    case "like":
      return { wildcard: { [whole]: { value: condition.pattern } } };
    case "matches":
      return {
        regexp: { [whole]: { value: condition.expression, flags: "ALL", max_determinized_states: 10_000 } },
      };
    default:
      return { range: { [field.name]: { [ranges[condition.op]]: condition.value } } };
  }
}

/** A plan's aggregations, by the names they have in the answer. */
export function aggregationsOf(
  aggregations: readonly Aggregation[],
  plan: QueryPlan,
): Readonly<Record<string, object>> {
  // What is passed over comes all the same: see facetsOf.
  const first: Depth = { size: plan.facetsOffset + plan.facetsSize, counted: COUNTED };
  return Object.fromEntries(aggregations.map((one) => [nameOf(one), aggregationOf(one, plan, first)]));
}

/** How many terms are asked for at a level, and up to how many values are counted exactly. */
interface Depth {
  readonly size: number;
  readonly counted: number;
}

function aggregationOf(aggregation: Aggregation, plan: QueryPlan, { size, counted }: Depth): object {
  const field = termName(aggregation.field, plan);
  if (aggregation.kind === "cardinality") return { cardinality: { field, precision_threshold: counted } };
  const aggs = {
    ...Object.fromEntries(
      aggregation.within.map((one) => [
        nameOf(one),
        aggregationOf(one, plan, { size: plan.facetsSize, counted: COUNTED_WITHIN }),
      ]),
    ),
    ...(plan.isWeighted ? { [WEIGHT]: { sum: { field: WEIGHT } } } : {}),
  };
  const within = Object.keys(aggs).length === 0 ? {} : { aggs };
  switch (aggregation.kind) {
    case "terms": {
      const order = [{ [plan.isWeighted ? WEIGHT : "_count"]: "desc" }, { _key: "asc" }];
      return { terms: { field, size, shard_size: Math.max(SHARD_SIZE, size), order }, ...within };
    }
    case "dates": {
      const { interval: calendar_interval } = aggregation;
      return { date_histogram: { field: aggregation.field, calendar_interval, min_doc_count: 1 }, ...within };
    }
    case "numbers":
      return { histogram: { field, interval: aggregation.interval, min_doc_count: 1 }, ...within };
  }
}
