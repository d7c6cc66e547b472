import type { DuckDBConnection } from "@duckdb/node-api";
import type { Hit, SearchResult } from "../engine.ts";
import { type FieldName, type FieldValue, knownField } from "../fields.ts";
import { type Aggregation, aggregatedFields, conditionsOf, type QueryPlan } from "../query-plan.ts";
import { missingWeeks, shelvesAsked } from "../shelf.ts";
import { aggregate, countIn, type Found, timed } from "./aggregate.ts";
import type { Catalog } from "./catalog.ts";
import { valueIn } from "./elements.ts";
import { narrowed } from "./narrow.ts";
import { columnOf, VERSION, WEIGHT } from "./schema.ts";
import { elementsOf, type Rows, type Source, sourceOf } from "./source.ts";
import { stacksOf } from "./stacks.ts";
import { Values, whereOf } from "./where.ts";

/** Answers a plan. The connection is in a transaction, so hits, total and facets are of the same moment. */
export async function search(
  connection: DuckDBConnection,
  catalog: Catalog,
  plan: QueryPlan,
): Promise<SearchResult> {
  const weeks = shelvesAsked(catalog.weeks, plan);
  const errors = missingWeeks(weeks, plan);
  if (weeks.length === 0) return { hits: [], total: 0, facets: {}, errors };
  const { filter, rows } = await narrowed(plan.filter, weeks, connection);
  const source = sourceOf(catalog, weeks, rows);
  const values = new Values();
  const where = await whereOf(filter, source, connection, values);
  const all: Found = { sql: `SELECT * FROM (${source.select(fieldsIn(plan))}) WHERE ${where}`, values };
  const found = rows === undefined ? all : await kept(connection, all, keyFields(plan));
  const isLate = rows !== undefined && plan.offset + plan.limit <= MOST_LATE;
  const page = isLate ? await pageOf(connection, found, plan, source) : undefined;
  const shown =
    page === undefined ? { found, source } : foundIn(sourceOf(catalog, weeks, inWeeks(rows!, page)), plan);
  const hitsThere = () => hitsOf(connection, shown.found, shown.source, plan);
  // A first page that is not full has them all.
  const first = plan.offset === 0 && plan.limit > 0 ? await hitsThere() : undefined;
  const isWhole = first !== undefined && first.length < plan.limit && !plan.isWeighted;
  const total = isWhole ? first.length : await totalOf(connection, found, plan);
  const isBehind = plan.limit === 0 || total <= plan.offset;
  const hits = first ?? (isBehind ? [] : await hitsThere());
  const isToKeep = found === all && total <= MOST_KEPT && countOf(plan.aggregations) > 1;
  const counted = isToKeep ? await kept(connection, found, aggregatedFields(plan.aggregations)) : found;
  const facets = await aggregate(connection, counted, source, plan);
  await connection.run(`DROP TABLE IF EXISTS ${KEPT}`);
  return { hits, total, ...(plan.isWeighted ? { weights: true } : {}), facets, errors };
}

/** Of so many rows the columns to show are read last, when it is known which are shown. */
const MOST_LATE = 2_000;

/** The versions of the rows up to the end of the page, with all that may tie with the last. */
async function pageOf(
  connection: DuckDBConnection,
  { sql, values }: Found,
  plan: QueryPlan,
  source: Source,
): Promise<ReadonlySet<bigint>> {
  if (plan.limit === 0) return new Set();
  const answer = await connection.runAndReadAll(
    `SELECT ${VERSION} FROM (${sql}) QUALIFY rank() OVER (ORDER BY ${orderOf(plan, source).join(", ")}) <= ${plan.offset + plan.limit}`,
    values.values,
    values.types,
  );
  return new Set(answer.getRows().map(([version]) => version as bigint));
}

/** Those of some rows that are in a page, by week. */
function inWeeks(rows: Rows, page: ReadonlySet<bigint>): Rows {
  const left = [...rows].map(([week, versions]) => [week, versions.filter((one) => page.has(one))] as const);
  return new Map(left.filter(([, versions]) => versions.length > 0));
}

/** All rows of a source. */
const foundIn = (source: Source, plan: QueryPlan): { found: Found; source: Source } => ({
  found: { sql: source.select(fieldsIn(plan)), values: new Values() },
  source,
});

/** Rows of which the columns to count are kept in memory while a search asks several things of them. */
const MOST_KEPT = 200_000;
const KEPT = "temp.kept";

/** Reads the rows that were found once, for all that is to be asked of them. */
async function kept(
  connection: DuckDBConnection,
  { sql, values }: Found,
  fields: readonly FieldName[],
): Promise<Found> {
  const names = [...new Set(fields)].filter((name) => !knownField(name).isOfStacks);
  const columns = [VERSION, WEIGHT, ...names.map(columnOf)].join(", ");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE kept AS SELECT ${columns} FROM (${sql})`,
    values.values,
    values.types,
  );
  return { sql: `SELECT * FROM ${KEPT}`, values: new Values() };
}

/** The fields that rows are sorted and counted by. */
const keyFields = (plan: QueryPlan): FieldName[] => [
  "date",
  ...plan.sort.map(({ field }) => field),
  ...aggregatedFields(plan.aggregations),
];

const countOf = (aggregations: readonly Aggregation[]): number =>
  aggregations.reduce((sum, one) => sum + 1 + (one.kind === "cardinality" ? 0 : countOf(one.within)), 0);

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

/** What rows are sorted by; some may tie. */
function orderOf(plan: QueryPlan, source: Source): string[] {
  const keys = plan.sort.map(({ field, descending }) => {
    const elements = elementsOf(knownField(field), source);
    const single = timed(columnOf(field), field, plan);
    // A list stands where its least element would, or its greatest in descending order.
    const key = elements === undefined ? single : `list_${descending ? "max" : "min"}(${elements})`;
    return `${key} ${descending ? "DESC" : "ASC"} NULLS LAST`;
  });
  return [...keys, `"date" DESC`];
}

async function hitsOf(
  connection: DuckDBConnection,
  { sql, values }: Found,
  source: Source,
  plan: QueryPlan,
): Promise<Hit[]> {
  // Without a last, unique key two pages could show the same crash.
  const order = [...orderOf(plan, source), `"uuid" ASC`].join(", ");
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
