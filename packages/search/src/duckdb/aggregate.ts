import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import type { Facets, FacetTerm } from "../engine.ts";
import { type FieldElement, knownField } from "../fields.ts";
import { type Aggregation, nameOf, type QueryPlan } from "../query-plan.ts";
import { elementIn } from "./elements.ts";
import { columnOf, VERSION, WEIGHT } from "./schema.ts";
import { elementsOf, type Source } from "./source.ts";
import { stackRows, stackTerms } from "./stacks.ts";
import type { Values } from "./where.ts";

/** The crashes a search found: a statement that selects what the plan needs of them, with its values. */
export interface Found {
  readonly sql: string;
  readonly values: Values;
}

type Buckets = Exclude<Aggregation, { kind: "cardinality" }>;

/** Answers a plan's aggregations, each with one statement whatever its depth. */
export async function aggregate(
  connection: DuckDBConnection,
  found: Found,
  source: Source,
  plan: QueryPlan,
): Promise<Facets> {
  const run = async (sql: string): Promise<DuckDBValue[][]> => {
    const answer = await connection.runAndReadAll(sql, found.values.values, found.values.types);
    return answer.getRows();
  };

  /** The facets of every bucket of the levels above, by the bucket's keys. */
  const within = async (
    above: readonly Buckets[],
    asked: readonly Aggregation[],
    parents: readonly string[],
  ): Promise<Map<string, Facets>> => {
    const facets = new Map<string, Record<string, readonly FacetTerm[] | { value: number }>>(
      parents.map((parent) => [parent, {}]),
    );
    for (const aggregation of asked) {
      const name = nameOf(aggregation);
      if (aggregation.kind === "cardinality") {
        const counts = new Map(
          (await run(cardinalitySql(above, aggregation.field))).map((row) => [
            keyOf(row.slice(0, -1)),
            Number(row.at(-1)),
          ]),
        );
        for (const parent of parents) facets.get(parent)![name] = { value: counts.get(parent) ?? 0 };
        continue;
      }
      const rows = await run(bucketsSql([...above, aggregation]));
      const nested = await within(
        [...above, aggregation],
        aggregation.within,
        rows.map((row) => keyOf(row.slice(0, -1))),
      );
      for (const parent of parents) facets.get(parent)![name] = [];
      for (const row of rows) {
        const bucket = keyOf(row.slice(0, -1));
        const terms = facets.get(keyOf(row.slice(0, -2)))![name] as FacetTerm[];
        const term = termIn(row.at(-2)!, aggregation, plan);
        const count = Number(row.at(-1));
        terms.push(
          aggregation.within.length === 0 ? { term, count } : { term, count, facets: nested.get(bucket)! },
        );
      }
    }
    return facets;
  };

  /** Rows of the buckets above, level by level: `rN` has a row per crash and bucket, `tN` a row per bucket. */
  const levels = (buckets: readonly Buckets[]): string[] =>
    buckets.flatMap((bucket, i) => {
      const n = i + 1;
      const keys = keysOf(n);
      const from = i === 0 ? "found" : `(SELECT * FROM r${i} SEMI JOIN t${i} USING (${keysOf(i)}))`;
      const row = `r${n} AS (${keyedRows(bucket, from, `k${n}`)})`;
      const order = bucket.kind === "terms" ? `n DESC, k${n}` : `k${n}`;
      const before = i === 0 ? "" : `PARTITION BY ${keysOf(i)} `;
      const limit =
        bucket.kind === "terms"
          ? ` QUALIFY row_number() OVER (${before}ORDER BY ${order}) <= ${plan.facetsSize}`
          : "";
      return [row, `t${n} AS (SELECT ${keys}, ${countIn(plan)} AS n FROM r${n} GROUP BY ${keys}${limit})`];
    });

  /** A row per crash and bucket it is in. */
  const keyedRows = (bucket: Buckets, from: string, key: string): string => {
    if (knownField(bucket.field).isOfStacks) return stackKeyed(bucket.field, from, key);
    return `SELECT * FROM (SELECT *, ${keySql(bucket, source, plan)} AS ${key} FROM ${from}) WHERE ${key} IS NOT NULL`;
  };

  const stackKeyed = (fieldName: string, from: string, key: string): string => {
    const field = knownField(fieldName);
    return `SELECT crash.*, text AS ${key} FROM ${from} AS crash
      JOIN (${stackRows(source.weeks, field)}) AS stack ON crash.${VERSION} = stack.${VERSION}
      JOIN (${stackTerms(source.weeks, field)}) AS terms ON stack.term = terms.term`;
  };

  const bucketsSql = (buckets: readonly Buckets[]): string => {
    const n = buckets.length;
    const last = buckets.at(-1)!;
    const order = last.kind === "terms" ? `n DESC, k${n}` : `k${n}`;
    return `WITH ${[`found AS (${found.sql})`, ...levels(buckets)].join(", ")} SELECT ${keysOf(n)}, n FROM t${n} ORDER BY ${order}`;
  };

  const cardinalitySql = (above: readonly Buckets[], fieldName: string): string => {
    const field = knownField(fieldName);
    const elements = elementsOf(field, source);
    const n = above.length;
    const keys = n === 0 ? "" : `${keysOf(n)}, `;
    const group = n === 0 ? "" : ` GROUP BY ${keysOf(n)}`;
    const from = n === 0 ? "found" : `(SELECT * FROM r${n} SEMI JOIN t${n} USING (${keysOf(n)}))`;
    const value =
      elements === undefined ? timed(columnOf(fieldName), fieldName, plan) : `unnest(${elements})`;
    const rows = field.isOfStacks
      ? stackKeyed(fieldName, from, "v")
      : `SELECT ${keys}${value} AS v FROM ${from}`;
    const before = `WITH ${[`found AS (${found.sql})`, ...levels(above)].join(", ")}`;
    return `${before} SELECT ${keys}count(DISTINCT v) FROM (${rows})${group}`;
  };

  return (await within([], plan.aggregations, [keyOf([])])).get(keyOf([]))!;
}

/** What crashes are counted by, as SQL. */
export const countIn = ({ isWeighted }: QueryPlan): string =>
  isWeighted ? `coalesce(sum(${WEIGHT}), 0)` : "count(*)";

const keysOf = (n: number): string => Array.from({ length: n }, (_, i) => `k${i + 1}`).join(", ");

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

const keyOf = (keys: readonly DuckDBValue[]): string =>
  JSON.stringify(keys.map((key) => String(elementIn(key))));
