import { type DuckDBConnection, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api";
import type { FacetTerm, Hit, SearchResult } from "../engine.ts";
import type { FieldName, FieldValue } from "../fields.ts";
import { formatInstant, parseInstant } from "../instant.ts";
import type { QueryPlan } from "../query-plan.ts";
import { weekOf } from "../week.ts";
import { liveIn } from "./live-rows.ts";
import { columnOf, weeksIn } from "./schema.ts";
import { type Where, where } from "./where.ts";

/** The crashes a search is about: a FROM and a WHERE. */
interface Found extends Where {
  readonly from: string;
}

/** Answers a plan. The connection is in a transaction, so hits, total and facets are of the same moment. */
export async function search(connection: DuckDBConnection, plan: QueryPlan): Promise<SearchResult> {
  const weeks = (await weeksIn(connection)).filter(isWithin(plan));
  const facetNames = plan.facetsSize === 0 ? [] : plan.facets;
  if (weeks.length === 0) {
    return {
      hits: [],
      total: 0,
      facets: Object.fromEntries(facetNames.map((name) => [name, []])),
      errors: [],
    };
  }
  const found: Found = { ...where(plan), from: newestOf(weeks, fieldsIn(plan)) };
  const total = await totalOf(connection, found);
  const hits = plan.limit === 0 || total <= plan.offset ? [] : await hitsOf(connection, found, plan);
  const facets: Partial<Record<FieldName, FacetTerm[]>> = {};
  for (const name of facetNames) facets[name] = await facetOf(connection, found, name, plan.facetsSize);
  return { hits, total, facets, errors: [] };
}

/** Weeks compare as their days do, so all others cannot hold a crash of the date range. */
function isWithin({ from, to }: QueryPlan): (week: string) => boolean {
  const first = weekOf(parseInstant(from.at)!);
  const last = weekOf(parseInstant(to.at)!);
  return (week) => week >= first && week <= last;
}

function fieldsIn(plan: QueryPlan): Set<FieldName> {
  const filtered = plan.filters.map(({ field }) => field);
  const sorted = plan.sort.map(({ field }) => field);
  return new Set<FieldName>(["uuid", "date", ...plan.columns, ...plan.facets, ...filtered, ...sorted]);
}

function newestOf(weeks: readonly string[], fields: ReadonlySet<FieldName>): string {
  const columns = [...fields].map(columnOf).join(", ");
  return `(${weeks.map((week) => `SELECT ${columns} FROM ${liveIn(week)}`).join(" UNION ALL ")})`;
}

async function totalOf(connection: DuckDBConnection, { from, sql, values }: Found): Promise<number> {
  const answer = await connection.runAndReadAll(`SELECT count(*) FROM ${from} WHERE ${sql}`, [...values]);
  return Number(answer.getRows()[0]![0]);
}

async function hitsOf(connection: DuckDBConnection, found: Found, plan: QueryPlan): Promise<Hit[]> {
  const { from, sql, values } = found;
  const keys = plan.sort.map((key) => `${columnOf(key.field)} ${key.descending ? "DESC" : "ASC"} NULLS LAST`);
  // Without a last, unique key two pages could show the same crash.
  const order = [...keys, `"date" DESC`, `"uuid" ASC`].join(", ");
  const answer = await connection.runAndReadAll(
    `SELECT ${plan.columns.map(columnOf).join(", ")} FROM ${from} WHERE ${sql}
     ORDER BY ${order} LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    [...values, BigInt(plan.limit), BigInt(plan.offset)],
  );
  return answer
    .getRows()
    .map((row) => Object.fromEntries(plan.columns.map((name, i) => [name, fieldValue(row[i]!)])) as Hit);
}

async function facetOf(
  connection: DuckDBConnection,
  { from, sql, values }: Found,
  name: FieldName,
  size: number,
): Promise<FacetTerm[]> {
  const column = columnOf(name);
  const answer = await connection.runAndReadAll(
    `SELECT ${column}, count(*) FROM ${from} WHERE ${sql} AND ${column} IS NOT NULL
     GROUP BY 1 ORDER BY 2 DESC, 1 ASC LIMIT $${values.length + 1}`,
    [...values, BigInt(size)],
  );
  return answer.getRows().map(([term, count]) => ({ term: fieldValue(term!)!, count: Number(count) }));
}

function fieldValue(value: DuckDBValue): FieldValue | null {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof DuckDBTimestampValue) return formatInstant(value.micros);
  throw new TypeError("a column of the index has a type that no field has");
}
