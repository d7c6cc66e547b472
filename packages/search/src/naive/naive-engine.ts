import { semicolonElements, standardWords } from "../analysis.ts";
import type { SearchDocument } from "../document.ts";
import type { Facets, FacetTerm, Hit, SearchEngine, SearchResult } from "../engine.ts";
import { type FieldElement, type FieldName, type FieldValue, knownField } from "../fields.ts";
import {
  type Aggregation,
  type CalendarInterval,
  type Condition,
  type Filter,
  nameOf,
  type QueryPlan,
} from "../query-plan.ts";
import { matcherOf } from "../regexp/regexp.ts";
import { missingWeeks, shelfOf, shelvesAsked } from "../shelf.ts";
import { matchesWildcard, parseWildcard } from "../wildcard.ts";

/**
 * An index in memory that looks at every crash for every question: what a plan means, said as plainly as can be. Engines
 * are held against it.
 */
export function openNaiveEngine(): SearchEngine {
  const crashes = new Map<string, SearchDocument>();
  return {
    async add(documents) {
      for (const document of documents) crashes.set(document.uuid, document);
    },
    search: async (plan) => searchIn([...crashes.values()], plan),
    has: async (ids) => new Set(ids.filter((id) => crashes.has(id))),
    outdated: async (version, after, most) =>
      [...crashes.values()]
        .filter((crash) => crash.source === undefined && crash.version < version && crash.uuid > after)
        .map(({ uuid }) => uuid)
        .sort()
        .slice(0, most),
    remove: async (ids) => {
      for (const id of ids) crashes.delete(id);
    },
    check: async () => undefined,
    close: async () => crashes.clear(),
  };
}

function searchIn(crashes: readonly SearchDocument[], plan: QueryPlan): SearchResult {
  const shelves = new Set(shelvesAsked([...new Set(crashes.map(shelfOf))], plan));
  const errors = missingWeeks([...shelves], plan);
  if (shelves.size === 0) return { hits: [], total: 0, facets: {}, errors };
  const meets = predicateOf(plan.filter);
  const found = crashes.filter((crash) => shelves.has(shelfOf(crash)) && meets(crash));
  const hits = found
    .toSorted(orderOf(plan))
    .slice(plan.offset, plan.offset + plan.limit)
    .map(
      ({ fields }): Hit => Object.fromEntries(plan.columns.map((name) => [name, shown(name, fields[name])])),
    );
  return {
    hits,
    total: countOf(found, plan),
    ...(plan.isWeighted ? { weights: true } : {}),
    facets: facetsOf(found, plan.aggregations, plan, plan.facetsOffset),
    errors,
  };
}

const countOf = (crashes: readonly SearchDocument[], { isWeighted }: QueryPlan): number =>
  isWeighted ? crashes.reduce((sum, { weight }) => sum + weight, 0) : crashes.length;

/** Dates are shown without a fraction that is none. */
function shown(name: FieldName, value: FieldValue | undefined): FieldValue | null {
  if (value === undefined) return null;
  return knownField(name).mapping === "date" ? String(value).replace(".000000", "") : value;
}

type Predicate = (crash: SearchDocument) => boolean;

function predicateOf(filter: Filter): Predicate {
  switch (filter.op) {
    case "all": {
      const of = filter.of.map(predicateOf);
      return (crash) => of.every((one) => one(crash));
    }
    case "any": {
      const of = filter.of.map(predicateOf);
      return (crash) => of.some((one) => one(crash));
    }
    case "not": {
      const of = predicateOf(filter.of);
      return (crash) => !of(crash);
    }
    case "missing":
      return ({ fields }) => fields[filter.field] === undefined;
    default: {
      const meets = elementTest(filter);
      return (crash) => elementsOf(crash, filter.field).some(meets);
    }
  }
}

function elementTest(condition: Exclude<Condition, { op: "missing" }>): (element: FieldElement) => boolean {
  switch (condition.op) {
    case "words": {
      const isWhole = knownField(condition.field).mapping === "semicolons";
      return (element) => {
        const words = isWhole ? [String(element)] : standardWords(String(element));
        return words.some((word) => condition.words.includes(word));
      };
    }
    case "equals":
      return (element) => element === condition.value;
    case "like": {
      const parts = parseWildcard(condition.pattern);
      return (element) => matchesWildcard(parts, String(element));
    }
    case "matches": {
      const matches = matcherOf(condition.expression);
      return (element) => matches(String(element));
    }
    case ">":
      return (element) => element > condition.value;
    case ">=":
      return (element) => element >= condition.value;
    case "<":
      return (element) => element < condition.value;
    case "<=":
      return (element) => element <= condition.value;
  }
}

/** The elements of a field, each once. */
function elementsOf({ fields }: SearchDocument, name: FieldName): readonly FieldElement[] {
  const value = fields[name];
  if (value === undefined) return [];
  const list = (Array.isArray(value) ? value : [value]) as readonly FieldElement[];
  if (knownField(name).mapping !== "semicolons") return [...new Set(list)];
  return [...new Set(list.flatMap((element) => semicolonElements(String(element))))];
}

/** By UTF-8's bytes, or by value. */
function compare(a: FieldElement, b: FieldElement): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function orderOf({ sort, timeUnit }: QueryPlan): (a: SearchDocument, b: SearchDocument) => number {
  const keys = sort.map(({ field, descending }) => {
    const ofCrash = (crash: SearchDocument): FieldElement | undefined => {
      const sorted = elementsOf(crash, field).map(timed(field, timeUnit)).toSorted(compare);
      return descending ? sorted.at(-1) : sorted[0];
    };
    return { ofCrash, sign: descending ? -1 : 1 };
  });
  return (a, b) => {
    for (const { ofCrash, sign } of keys) {
      const [x, y] = [ofCrash(a), ofCrash(b)];
      if (x === undefined && y === undefined) continue;
      if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
      const order = sign * compare(x, y);
      if (order !== 0) return order;
    }
    const newest = compare(String(b.fields["date"]), String(a.fields["date"]));
    return newest !== 0 ? newest : compare(a.uuid, b.uuid);
  };
}

const timed =
  (name: FieldName, unit: QueryPlan["timeUnit"]) =>
  (element: FieldElement): FieldElement =>
    knownField(name).mapping === "date" && unit === "millisecond"
      ? `${String(element).slice(0, 23)}000+00:00`
      : element;

function facetsOf(
  crashes: readonly SearchDocument[],
  aggregations: readonly Aggregation[],
  plan: QueryPlan,
  passed = 0,
): Facets {
  return Object.fromEntries(aggregations.map((one) => [nameOf(one), aggregate(crashes, one, plan, passed)]));
}

function aggregate(
  crashes: readonly SearchDocument[],
  aggregation: Aggregation,
  plan: QueryPlan,
  passed: number,
): readonly FacetTerm[] | { readonly value: number } {
  const { field } = aggregation;
  const inUnit = timed(field, plan.timeUnit);
  if (aggregation.kind === "cardinality")
    return { value: new Set(crashes.flatMap((crash) => elementsOf(crash, field).map(inUnit))).size };
  const bucketOf = (element: FieldElement): FieldElement => {
    if (aggregation.kind === "terms") return inUnit(element);
    if (aggregation.kind === "dates") return beginOf(String(element), aggregation.interval);
    return Math.floor(Number(element) / aggregation.interval) * aggregation.interval;
  };
  const buckets = new Map<FieldElement, SearchDocument[]>();
  for (const crash of crashes) {
    for (const key of new Set(elementsOf(crash, field).map(bucketOf)))
      buckets.set(key, [...(buckets.get(key) ?? []), crash]);
  }
  const byKey = [...buckets].toSorted(([a], [b]) => compare(a, b));
  const sorted =
    aggregation.kind === "terms"
      ? byKey
          .toSorted(([, a], [, b]) => countOf(b, plan) - countOf(a, plan))
          .slice(passed, passed + plan.facetsSize)
      : byKey;
  return sorted.map(([key, within]): FacetTerm => {
    const bucket = { term: termOf(key, aggregation, plan), count: countOf(within, plan) };
    return aggregation.within.length === 0
      ? bucket
      : { ...bucket, facets: facetsOf(within, aggregation.within, plan) };
  });
}

function termOf(key: FieldElement, aggregation: Aggregation, plan: QueryPlan): FacetTerm["term"] {
  if (typeof key === "boolean") return key ? "T" : "F";
  if (knownField(aggregation.field).mapping !== "date") return key;
  const isWholeSecond = aggregation.kind === "dates" || plan.timeUnit === "millisecond";
  return isWholeSecond ? `${String(key).slice(0, 19)}Z` : String(key).replace(".000000", "");
}

/** The beginning of the interval that a date is in. */
function beginOf(date: string, interval: CalendarInterval): string {
  const [year, month, day] = [date.slice(0, 4), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
  const at = (month: number, day: number): Date => new Date(Date.UTC(Number(year), month - 1, day));
  const midnight = (of: Date): string => `${of.toISOString().slice(0, 19)}.000000+00:00`;
  switch (interval) {
    case "minute":
      return `${date.slice(0, 16)}:00.000000+00:00`;
    case "hour":
      return `${date.slice(0, 13)}:00:00.000000+00:00`;
    case "day":
      return midnight(at(month, day));
    case "week":
      return midnight(at(month, day - ((at(month, day).getUTCDay() + 6) % 7)));
    case "month":
      return midnight(at(month, 1));
    case "quarter":
      return midnight(at(month - ((month - 1) % 3), 1));
    case "year":
      return midnight(at(1, 1));
  }
}
