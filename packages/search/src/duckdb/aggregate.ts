import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import type { Facets, FacetTerm } from "../engine.ts";
import { type FieldElement, knownField, type SearchField } from "../fields.ts";
import { type Aggregation, aggregatedFields, nameOf, type QueryPlan } from "../query-plan.ts";
import { elementIn } from "./elements.ts";
import { columnOf, VERSION, WEIGHT } from "./schema.ts";
import { elementsOf, type Source } from "./source.ts";
import { stackRows, stackTerms } from "./stacks.ts";
import { Values } from "./where.ts";

/** Crashes: a statement that selects what the plan needs of them, with its values. */
export interface Found {
  readonly sql: string;
  readonly values: Values;
}

type Buckets = Exclude<Aggregation, { kind: "cardinality" }>;

/** Crashes that are to be counted: a row per crash and bucket it is in, the bucket's number as `${PARENT}`. */
interface Level extends Found {
  /** How many buckets there are; those that are not in it have no rows. */
  readonly parents: number;
}

const PARENT = "_bucket";

/** Rows of which the columns to count are kept in memory while several things are asked of them. */
const MOST_KEPT = 200_000;

/**
 * Answers a plan's aggregations. The buckets of a level are counted by one statement, whatever its depth; where something
 * is asked within them they are numbered, and the rows that are in them counted by these numbers.
 * @param found with how many rows it has
 */
export async function aggregate(
  connection: DuckDBConnection,
  found: Found & { readonly rows: number },
  source: Source,
  plan: QueryPlan,
): Promise<Facets> {
  const tables: string[] = [];
  /** Makes a table that lasts as long as the search. */
  const keep = async (sql: string, { values, types }: Values): Promise<string> => {
    const name = `temp.counted_${tables.length + 1}`;
    tables.push(name);
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${name.slice("temp.".length)} AS ${sql}`,
      values,
      types,
    );
    return name;
  };
  /** The same rows, read once where several things are asked of them and they are not too many. */
  const readOnce = async (level: Level, asked: readonly Aggregation[]): Promise<Level> => {
    if (found.rows > MOST_KEPT || countOf(asked) < 2) return level;
    const columns = [PARENT, VERSION, WEIGHT, ...columnsOf(asked)].join(", ");
    const table = await keep(`SELECT ${columns} FROM (${level.sql})`, level.values);
    return { ...level, sql: `SELECT * FROM ${table}`, values: new Values() };
  };
  const read = async (sql: string, { values, types }: Values): Promise<DuckDBValue[][]> =>
    (await connection.runAndReadAll(sql, values, types)).getRows();

  /** The facets of every bucket of a level, by its number. */
  const facetsOf = async (level: Level, asked: readonly Aggregation[]): Promise<Facets[]> => {
    const facets = Array.from({ length: level.parents }, (): Record<string, Facets[string]> => ({}));
    if (asked.length === 0) return facets;
    const rows = await readOnce(level, asked);
    for (const aggregation of asked) {
      const name = nameOf(aggregation);
      if (aggregation.kind === "cardinality") {
        for (const of of facets) of[name] = { value: 0 };
        for (const [parent, value] of await read(cardinalitySql(rows, aggregation.field), rows.values))
          facets[Number(parent)]![name] = { value: Number(value) };
        continue;
      }
      const terms = facets.map((): FacetTerm[] => []);
      for (const [i, of] of facets.entries()) of[name] = terms[i]!;
      for (const [parent, term] of await termsWithin(rows, aggregation)) terms[parent]!.push(term);
    }
    return facets;
  };

  /** The buckets of an aggregation in their order, each with the number of the one it is in. */
  const termsWithin = async (
    level: Level,
    aggregation: Buckets,
  ): Promise<(readonly [number, FacetTerm])[]> => {
    const sql = bucketsSql(level, aggregation);
    const termOf = ([parent, key, count]: DuckDBValue[]) =>
      [Number(parent), { term: termIn(key!, aggregation, plan), count: Number(count) }] as const;
    if (aggregation.within.length === 0) return (await read(sql, level.values)).map(termOf);
    const buckets = await keep(
      `SELECT *, row_number() OVER (ORDER BY ${orderOf(aggregation)}) - 1 AS number FROM (${sql})`,
      level.values,
    );
    const rows = await read(`SELECT parent, k, n FROM ${buckets} ORDER BY number`, new Values());
    const { within } = aggregation;
    const columns = [VERSION, WEIGHT, ...columnsOf(within)].map((column) => `crash.${column}`).join(", ");
    const below: Level = {
      sql: `SELECT bucket.number AS ${PARENT}, ${columns} FROM (${keyed(level, aggregation)}) AS crash
        JOIN ${buckets} AS bucket ON crash.${PARENT} = bucket.parent AND crash.k = bucket.k`,
      values: level.values,
      parents: rows.length,
    };
    const facets = await facetsOf(below, within);
    return rows.map((row, i) => {
      const [parent, term] = termOf(row);
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
    if (level.parents === 1) return `${counted} ORDER BY ${order} LIMIT ${BigInt(plan.facetsSize)}`;
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

  try {
    const root = { sql: `SELECT *, 0 AS ${PARENT} FROM (${found.sql})`, values: found.values, parents: 1 };
    return (await facetsOf(root, plan.aggregations))[0]!;
  } finally {
    // Where the transaction has failed they are gone already.
    for (const table of tables) await connection.run(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
  }
}

const orderOf = ({ kind }: Buckets): string => (kind === "terms" ? "n DESC, k" : "k");

/** The columns that aggregations read, at whatever depth. */
const columnsOf = (aggregations: readonly Aggregation[]): string[] => {
  const names = new Set(aggregatedFields(aggregations));
  return [...names].filter((name) => !knownField(name).isOfStacks).map(columnOf);
};

/** The statements that aggregations take. */
const countOf = (aggregations: readonly Aggregation[]): number =>
  aggregations.reduce((sum, one) => sum + 1 + (one.kind === "cardinality" ? 0 : countOf(one.within)), 0);

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
