import {
  type DuckDBConnection,
  DuckDBMapValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { Facets, FacetTerm } from "../engine.ts";
import { type FieldElement, knownField, type SearchField } from "../fields.ts";
import { type Aggregation, aggregatedFields, nameOf, type QueryPlan } from "../query-plan.ts";
import { elementIn } from "./elements.ts";
import { columnOf, VERSION, WEIGHT } from "./schema.ts";
import { elementsOf, type Source } from "./source.ts";
import { stackRows, stackTerms } from "./stacks.ts";
import type { TempTables } from "./temp-tables.ts";
import { Values } from "./where.ts";

/** Crashes: a statement that selects what the plan needs of them, with its values. */
export interface Found {
  readonly sql: string;
  readonly values: Values;
}

/** Crashes that aggregations are of. */
export interface Counted extends Found {
  /** Whether they are in a table of their own: it is small, and to plan a statement over it takes no time. */
  readonly isKept: boolean;
}

type Buckets = Exclude<Aggregation, { kind: "cardinality" }>;
/** A bucket, and the number of the one it is in. */
type Placed = readonly [parent: number, term: FacetTerm];

/** Crashes that are to be counted: a row per crash and bucket it is in, the bucket's number as `${PARENT}`. */
interface Level extends Found {
  /** How many buckets there are; those that are not in it have no rows. */
  readonly parents: number;
  /** How many terms of each facet are passed over. */
  readonly passed: number;
}

const PARENT = "_bucket";

/** Terms of a field that is counted together with others: they are all read, however few are asked for. */
const MOST_TOGETHER = 500;

/**
 * Answers a plan's aggregations. The buckets of a level are counted by one statement, whatever its depth; where something
 * is asked within them they are numbered, and the rows that are in them counted by these numbers.
 * Fields of few values, of few crashes, are counted together: to plan a statement takes longer than to count.
 */
export async function aggregate(
  connection: DuckDBConnection,
  found: Counted,
  { source, plan, tables }: { source: Source; plan: QueryPlan; tables: TempTables },
): Promise<Facets> {
  /** The same rows, read once where several things are asked of them and they are not too many. */
  const readOnce = async (level: Level, asked: readonly Aggregation[]): Promise<Level> => {
    if (!found.isKept || statementsOf(asked) < 2) return level;
    const columns = [PARENT, VERSION, WEIGHT, ...columnsOf(asked)].join(", ");
    const table = await tables.keep(`SELECT ${columns} FROM (${level.sql})`, level.values);
    return { ...level, sql: `SELECT * FROM ${table}`, values: new Values() };
  };
  const read = async (sql: string, { values, types }: Values): Promise<DuckDBValue[][]> =>
    (await connection.runAndReadAll(sql, values, types)).getRows();

  /** The facets of every bucket of a level, by its number. */
  const facetsOf = async (level: Level, asked: readonly Aggregation[]): Promise<Facets[]> => {
    const facets = Array.from({ length: level.parents }, (): Record<string, Facets[string]> => ({}));
    if (asked.length === 0) return facets;
    const together = await termsTogether(level, asked);
    for (const aggregation of asked) {
      const name = nameOf(aggregation);
      if (aggregation.kind === "cardinality") {
        for (const of of facets) of[name] = { value: 0 };
        for (const [parent, value] of await read(cardinalitySql(level, aggregation.field), level.values))
          facets[Number(parent)]![name] = { value: Number(value) };
        continue;
      }
      const terms = facets.map((): FacetTerm[] => []);
      for (const [i, of] of facets.entries()) of[name] = terms[i]!;
      const placed = together.get(aggregation) ?? (await termsWithin(level, aggregation));
      for (const [parent, term] of placed) terms[parent]!.push(term);
    }
    return facets;
  };

  /** The terms of fields that have few, counted in one go through the rows. */
  const termsTogether = async (
    level: Level,
    asked: readonly Aggregation[],
  ): Promise<Map<Aggregation, Placed[]>> => {
    const plain = asked.filter((one) => isPlain(one, source));
    const terms = new Map<Aggregation, Placed[]>();
    if (!found.isKept || plan.isWeighted || plain.length < 2) return terms;
    const each = (called: string, of: readonly Buckets[]): string =>
      of.map((one) => `${called}(${keySql(one, source, plan)})`).join(", ");
    const [distinct] = await read(
      `SELECT ${each("approx_count_distinct", plain)} FROM (${level.sql})`,
      level.values,
    );
    const few = plain.filter((_, i) => Number(distinct![i]) <= MOST_TOGETHER);
    if (few.length === 0) return terms;
    const rows = await read(
      `SELECT ${PARENT}, ${each("histogram", few)} FROM (${level.sql}) GROUP BY ${PARENT}`,
      level.values,
    );
    for (const [i, one] of few.entries()) {
      const placed = rows.flatMap(([parent, ...counts]) =>
        mostFrequent(counts[i]!, level.passed, plan.facetsSize).map(
          ([key, count]): Placed => [Number(parent), termOf(one, key, count)],
        ),
      );
      terms.set(one, placed);
    }
    return terms;
  };

  const termOf = (bucket: Buckets, key: DuckDBValue, count: DuckDBValue): FacetTerm => ({
    term: termIn(key, bucket, plan),
    count: Number(count),
  });

  /** The buckets of an aggregation in their order, each with the number of the one it is in. */
  const termsWithin = async (level: Level, aggregation: Buckets): Promise<Placed[]> => {
    const sql = bucketsSql(level, aggregation);
    const placed = ([parent, key, count]: DuckDBValue[]): Placed => [
      Number(parent),
      termOf(aggregation, key!, count!),
    ];
    if (aggregation.within.length === 0) return (await read(sql, level.values)).map(placed);
    const buckets = await tables.keep(
      `SELECT *, row_number() OVER (ORDER BY ${orderOf(aggregation)}) - 1 AS number FROM (${sql})`,
      level.values,
    );
    const rows = await read(`SELECT parent, k, n FROM ${buckets} ORDER BY number`, new Values());
    const { within } = aggregation;
    const columns = [VERSION, WEIGHT, ...columnsOf(within)].map((column) => `crash.${column}`).join(", ");
    const crashes: Level = {
      sql: `SELECT bucket.number AS ${PARENT}, ${columns} FROM (${keyed(level, aggregation)}) AS crash
        JOIN ${buckets} AS bucket ON crash.${PARENT} = bucket.parent AND crash.k = bucket.k`,
      values: level.values,
      parents: rows.length,
      passed: 0,
    };
    const facets = await facetsOf(await readOnce(crashes, within), within);
    return rows.map((row, i) => {
      const [parent, term] = placed(row);
      return [parent, { ...term, facets: facets[i]! }];
    });
  };

  /** A row per crash and bucket it is in, told by `k`. */
  const keyed = ({ sql }: Level, bucket: Buckets): string => {
    const field = knownField(bucket.field);
    if (field.isOfStacks) return ofStacks(sql, field);
    return `SELECT * FROM (SELECT *, ${keySql(bucket, source, plan)} AS k FROM (${sql})) WHERE k IS NOT NULL`;
  };

  const ofStacks = (sql: string, field: SearchField): string =>
    `SELECT crash.*, text AS k FROM (${sql}) AS crash
      JOIN (${stackRows(source.weeks, field)}) AS stack ON crash.${VERSION} = stack.${VERSION}
      JOIN (${stackTerms(source.weeks, field)}) AS terms ON stack.term = terms.term`;

  /** The buckets of a level: `parent`, `k` and `n`, in their order; of terms those alone that are asked for. */
  const bucketsSql = (level: Level, bucket: Buckets): string => {
    const order = orderOf(bucket);
    const counted = `SELECT ${PARENT} AS parent, k, ${countIn(plan)} AS n FROM (${keyed(level, bucket)}) GROUP BY ${PARENT}, k`;
    if (bucket.kind !== "terms") return `${counted} ORDER BY ${order}`;
    if (level.parents === 1)
      return `${counted} ORDER BY ${order} LIMIT ${BigInt(plan.facetsSize)} OFFSET ${BigInt(level.passed)}`;
    return `${counted} QUALIFY row_number() OVER (PARTITION BY parent ORDER BY ${order}) <= ${BigInt(plan.facetsSize)} ORDER BY ${order}`;
  };

  const cardinalitySql = (level: Level, name: string): string => {
    const field = knownField(name);
    const elements = elementsOf(field, source);
    const value = elements === undefined ? timed(columnOf(name), name, plan) : `unnest(${elements})`;
    const rows = field.isOfStacks
      ? ofStacks(level.sql, field)
      : `SELECT ${PARENT}, ${value} AS k FROM (${level.sql})`;
    return `SELECT ${PARENT}, count(DISTINCT k) FROM (${rows}) GROUP BY ${PARENT}`;
  };

  const root = {
    sql: `SELECT *, 0 AS ${PARENT} FROM (${found.sql})`,
    values: found.values,
    parents: 1,
    passed: plan.facetsOffset,
  };
  return (await facetsOf(root, plan.aggregations))[0]!;
}

/** Whether all there is to an aggregation is which single values there are how often. */
function isPlain(aggregation: Aggregation, source: Source): aggregation is Buckets {
  if (aggregation.kind !== "terms" || aggregation.within.length > 0) return false;
  const field = knownField(aggregation.field);
  return !field.isOfStacks && elementsOf(field, source) === undefined;
}

/** The keys of a histogram that DuckDB made, in the order of facets, without the first ones that are passed over. */
function mostFrequent(
  histogram: DuckDBValue,
  passed: number,
  most: number,
): (readonly [DuckDBValue, number])[] {
  if (!(histogram instanceof DuckDBMapValue)) return [];
  return histogram.entries
    .map(({ key, value }) => [key, Number(value)] as const)
    .sort(([a, n], [b, m]) => m - n || compareKeys(a, b))
    .slice(passed, passed + most);
}

/** As DuckDB orders them: texts by their bytes. */
function compareKeys(a: DuckDBValue, b: DuckDBValue): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  const [first, second] =
    a instanceof DuckDBTimestampValue && b instanceof DuckDBTimestampValue ? [a.micros, b.micros] : [a!, b!];
  return first < second ? -1 : first > second ? 1 : 0;
}

const orderOf = ({ kind }: Buckets): string => (kind === "terms" ? "n DESC, k" : "k");

/** The columns that aggregations read, at whatever depth. */
export const columnsOf = (aggregations: readonly Aggregation[]): string[] => {
  const names = new Set(aggregatedFields(aggregations));
  return [...names].filter((name) => !knownField(name).isOfStacks).map(columnOf);
};

/** The statements that aggregations take, each for itself. */
export const statementsOf = (aggregations: readonly Aggregation[]): number =>
  aggregations.reduce((sum, one) => sum + 1 + (one.kind === "cardinality" ? 0 : statementsOf(one.within)), 0);

/** What crashes are counted by, as SQL. */
const countIn = ({ isWeighted }: QueryPlan): string =>
  isWeighted ? `coalesce(sum(${WEIGHT}), 0)` : "count(*)";

/** What a row's bucket is told by; NULL where it is in none. */
function keySql(bucket: Buckets, source: Source, plan: QueryPlan): string {
  const field = knownField(bucket.field);
  const column = columnOf(bucket.field);
  const elements = elementsOf(field, source);
  if (bucket.kind === "terms")
    return elements === undefined ? timed(column, bucket.field, plan) : `unnest(${elements})`;
  const begin = (element: string): string =>
    bucket.kind === "dates"
      ? `date_trunc('${bucket.interval}', ${element})`
      : `floor(${element}::DOUBLE / ${Number(bucket.interval)}::DOUBLE) * ${Number(bucket.interval)}::DOUBLE`;
  if (elements === undefined) return begin(column);
  return `unnest(list_distinct(list_transform(${elements}, lambda x: ${begin("x")})))`;
}

/** A column of dates in the plan's unit of time; any other as it is. */
export function timed(column: string, fieldName: string, { timeUnit }: QueryPlan): string {
  const isDate = knownField(fieldName).mapping === "date";
  return isDate && timeUnit === "millisecond" ? `date_trunc('milliseconds', ${column})` : column;
}

function termIn(value: DuckDBValue, bucket: Buckets, plan: QueryPlan): Exclude<FieldElement, boolean> {
  const element = elementIn(value);
  if (typeof element === "boolean") return element ? "T" : "F";
  const isWholeSecond = bucket.kind === "dates" || plan.timeUnit === "millisecond";
  if (knownField(bucket.field).mapping === "date" && isWholeSecond) return `${String(element).slice(0, 19)}Z`;
  return element;
}
