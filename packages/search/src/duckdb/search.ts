import type { DuckDBConnection } from "@duckdb/node-api";
import type { Hit, SearchResult } from "../engine.ts";
import { type FieldName, type FieldValue, knownField } from "../fields.ts";
import { aggregatedFields, conditionsOf, type QueryPlan } from "../query-plan.ts";
import { aggregate, countIn, type Found, timed } from "./aggregate.ts";
import type { Catalog } from "./catalog.ts";
import { valueIn } from "./elements.ts";
import { columnOf, VERSION } from "./schema.ts";
import { elementsOf, type Source, sourceOf } from "./source.ts";
import { stacksOf } from "./stacks.ts";
import { Values, whereOf } from "./where.ts";

/** Answers a plan. The connection is in a transaction, so hits, total and facets are of the same moment. */
export async function search(
  connection: DuckDBConnection,
  catalog: Catalog,
  plan: QueryPlan,
): Promise<SearchResult> {
  const source = sourceOf(catalog, plan.weeks);
  const missing = (plan.weeks ?? []).filter((week) => source?.weeks.includes(week) !== true);
  const errors = missing.map((week) => ({ type: "missing_index", index: `socorro${week}` }));
  if (source === undefined) return { hits: [], total: 0, facets: {}, errors };
  const values = new Values();
  const where = await whereOf(plan.filter, source, connection, values);
  const sql = `SELECT * FROM (${source.select(fieldsIn(plan))}) WHERE ${where}`;
  const found: Found = { sql, values };
  const total = await totalOf(connection, found, plan);
  return {
    hits: plan.limit === 0 || total <= plan.offset ? [] : await hitsOf(connection, found, source, plan),
    total,
    ...(plan.isWeighted ? { weights: true } : {}),
    facets: await aggregate(connection, found, source, plan),
    errors,
  };
}

const fieldsIn = (plan: QueryPlan): Set<FieldName> =>
  new Set([
    "uuid",
    "date",
    ...plan.columns,
    ...aggregatedFields(plan.aggregations),
    ...conditionsOf(plan.filter).map(({ field }) => field),
    ...plan.sort.map(({ field }) => field),
  ]);

async function totalOf(
  connection: DuckDBConnection,
  { sql, values }: Found,
  plan: QueryPlan,
): Promise<number> {
  const answer = await connection.runAndReadAll(
    `SELECT ${countIn(plan)} FROM (${sql})`,
    values.values,
    values.types,
  );
  return Number(answer.getRows()[0]![0]);
}

async function hitsOf(
  connection: DuckDBConnection,
  { sql, values }: Found,
  source: Source,
  plan: QueryPlan,
): Promise<Hit[]> {
  const keys = plan.sort.map(({ field, descending }) => {
    const elements = elementsOf(knownField(field), source);
    const single = timed(columnOf(field), field, plan);
    // A list stands where its least element would, or its greatest in descending order.
    const key = elements === undefined ? single : `list_${descending ? "max" : "min"}(${elements})`;
    return `${key} ${descending ? "DESC" : "ASC"} NULLS LAST`;
  });
  // Without a last, unique key two pages could show the same crash.
  const order = [...keys, `"date" DESC`, `"uuid" ASC`].join(", ");
  const columns = plan.columns.filter((name) => !knownField(name).isOfStacks);
  const stacked = plan.columns.filter((name) => knownField(name).isOfStacks);
  const answer = await connection.runAndReadAll(
    `SELECT ${[VERSION, ...columns.map(columnOf)].join(", ")} FROM (${sql}) ORDER BY ${order}
     LIMIT ${BigInt(plan.limit)} OFFSET ${BigInt(plan.offset)}`,
    values.values,
    values.types,
  );
  const rows = answer.getRows();
  const versions = rows.map(([version]) => version as bigint);
  const stacks = await stacksOf(connection, source.weeks, versions, stacked);
  return rows.map(([version, ...row]) => {
    const ofCrash = stacks.get(version as bigint);
    const known = new Map<FieldName, FieldValue | null>(columns.map((name, i) => [name, valueIn(row[i]!)]));
    for (const name of stacked) known.set(name, collapsed(ofCrash?.get(name) ?? []));
    return Object.fromEntries(plan.columns.map((name) => [name, known.get(name) ?? null]));
  });
}

const collapsed = (texts: readonly string[]): FieldValue | null =>
  texts.length > 1 ? texts : (texts[0] ?? null);
