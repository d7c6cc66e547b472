import type { DuckDBConnection } from "@duckdb/node-api";
import type { Hit, SearchResult } from "../engine.ts";
import { type FieldName, type FieldValue, knownField } from "../fields.ts";
import { aggregatedFields, conditionsOf, type QueryPlan } from "../query-plan.ts";
import { missingWeeks, shelvesAsked, weekOfShelf } from "../shelf.ts";
import { aggregate, columnsOf, type Found, statementsOf, timed } from "./aggregate.ts";
import type { Catalog } from "./catalog.ts";
import { datesApart } from "./date-bounds.ts";
import { valueIn } from "./elements.ts";
import { narrowed } from "./narrow.ts";
import { columnOf, VERSION, WEIGHT } from "./schema.ts";
import { elementsOf, type Source, sourceOf, WEEK } from "./source.ts";
import { stacksOf } from "./stacks.ts";
import { type TempTables, tempTables } from "./temp-tables.ts";
import { Values, whereOf } from "./where.ts";

/** What a search is about, ready to be asked: its rows, and the condition that those it finds fulfil. */
interface Asked {
  readonly source: Source;
  readonly where: string;
  readonly values: Values;
}

/** Rows, and values of them, that are kept in memory while several things are asked of them: of more a copy takes longer. */
const MOST_KEPT = { rows: 200_000, values: 2_400_000 };

/** The rows that were found in one week. */
interface Count {
  readonly rows: number;
  /** The reports they stand for. */
  readonly weight: number;
}

/** Answers a plan. The connection is in a transaction, so hits, total and facets are of the same moment. */
export async function search(
  connection: DuckDBConnection,
  catalog: Catalog,
  plan: QueryPlan,
): Promise<SearchResult> {
  const weeks = shelvesAsked(catalog.weeks, plan);
  const errors = missingWeeks(weeks, plan);
  if (weeks.length === 0) return { hits: [], total: 0, facets: {}, errors };
  const { dates, left } = datesApart(plan.filter);
  const { filter, rows } = await narrowed(left, weeks, connection);
  const source = sourceOf(catalog, weeks, { dates, rows });
  const values = new Values();
  const asked = { source, values, where: await whereOf(filter, source, connection, values) };
  const tables = tempTables(connection);
  try {
    const counts = await countsByWeek(connection, asked, plan);
    const rowsFound = [...counts.values()].reduce((sum, count) => sum + count.rows, 0);
    const weight = [...counts.values()].reduce((sum, count) => sum + count.weight, 0);
    const hits = await pageOf(connection, asked, counts, plan);
    const found = foundIn(asked, plan, [...counts.keys()]);
    const isKept = isWorthKeeping(rowsFound, plan);
    const counted = isKept ? await keep(found, plan, tables) : found;
    const facets = await aggregate(connection, { ...counted, isKept }, { source, plan, tables });
    const total = plan.isWeighted ? weight : rowsFound;
    return { hits, total, ...(plan.isWeighted ? { weights: true } : {}), facets, errors };
  } finally {
    await tables.drop();
  }
}

/**
 * Whether what the aggregations need of the rows is read into memory first, where several things are asked of few rows: the
 * tables of the weeks are wide and many, and each statement over them takes milliseconds to plan.
 */
function isWorthKeeping(rows: number, { aggregations }: QueryPlan): boolean {
  const values = rows * keptColumns(aggregations).length;
  return statementsOf(aggregations) > 1 && rows <= MOST_KEPT.rows && values <= MOST_KEPT.values;
}

const keptColumns = (aggregations: QueryPlan["aggregations"]): string[] => [
  VERSION,
  WEIGHT,
  ...columnsOf(aggregations),
];

async function keep({ sql, values }: Found, { aggregations }: QueryPlan, tables: TempTables): Promise<Found> {
  const table = await tables.keep(`SELECT ${keptColumns(aggregations).join(", ")} FROM (${sql})`, values);
  return { sql: `SELECT * FROM ${table}`, values: new Values() };
}

/** The rows that were found in some weeks; in the first week none, where there are no weeks. */
function foundIn({ source, where, values }: Asked, plan: QueryPlan, weeks: readonly string[]): Found {
  return { sql: `SELECT * FROM (${source.select(fieldsIn(plan), weeks)}) WHERE ${where}`, values };
}

/** What was found in each week, oldest first; weeks in which nothing was are absent. */
async function countsByWeek(
  connection: DuckDBConnection,
  asked: Asked,
  plan: QueryPlan,
): Promise<ReadonlyMap<string, Count>> {
  const { source, where, values } = asked;
  const counts = new Map<string, Count>();
  const isAll = where === "true" && !plan.isWeighted;
  const unknown = source.weeks.filter((week) => {
    const rows = isAll ? source.known(week) : undefined;
    if (rows !== undefined) counts.set(week, { rows, weight: 0 });
    return rows === undefined;
  });
  if (unknown.length > 0) {
    const weight = plan.isWeighted ? `coalesce(sum(${WEIGHT}), 0)` : "0";
    const answer = await connection.runAndReadAll(
      `SELECT ${WEEK}, count(*), ${weight} FROM (${foundIn(asked, plan, unknown).sql}) GROUP BY ${WEEK}`,
      values.values,
      values.types,
    );
    for (const [place, rows, sum] of answer.getRows())
      counts.set(source.weeks[Number(place)]!, { rows: Number(rows), weight: Number(sum) });
  }
  const found = [...counts].filter(([, { rows }]) => rows > 0);
  return new Map(found.toSorted(([a], [b]) => source.weeks.indexOf(a) - source.weeks.indexOf(b)));
}

/**
 * A page of hits. Sorted by date first, as nearly all searches are, it is read from the weeks alone that hold it: those
 * before it are passed over by their counts.
 */
async function pageOf(
  connection: DuckDBConnection,
  asked: Asked,
  counts: ReadonlyMap<string, Count>,
  plan: QueryPlan,
): Promise<readonly Hit[]> {
  if (plan.limit === 0) return [];
  const first = plan.sort[0] ?? { field: "date", descending: true };
  if (first.field !== "date") return hitsOf(connection, asked, [...counts.keys()], plan);
  // A week has reports and pings.
  const byWeek = [...Map.groupBy(counts, ([shelf]) => weekOfShelf(shelf))].toSorted(([a], [b]) =>
    a.localeCompare(b),
  );
  const inOrder = first.descending ? byWeek.toReversed() : byWeek;
  const rowsIn = (ofWeek: readonly (readonly [string, Count])[]): number =>
    ofWeek.reduce((sum, [, { rows }]) => sum + rows, 0);
  let offset = plan.offset;
  while (inOrder[0] !== undefined && rowsIn(inOrder[0][1]) <= offset) offset -= rowsIn(inOrder.shift()![1]);
  let needed = offset + plan.limit;
  const weeks: string[] = [];
  for (const [, ofWeek] of inOrder) {
    if (needed <= 0) break;
    weeks.push(...ofWeek.map(([shelf]) => shelf));
    needed -= rowsIn(ofWeek);
  }
  return hitsOf(connection, asked, weeks, { ...plan, offset });
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

/** A page of the hits of some weeks. */
async function hitsOf(
  connection: DuckDBConnection,
  asked: Asked,
  weeks: readonly string[],
  plan: QueryPlan,
): Promise<Hit[]> {
  if (weeks.length === 0) return [];
  const { sql, values } = foundIn(asked, plan, weeks);
  // Without a last, unique key two pages could show the same crash.
  const order = [...orderOf(plan, asked.source), `"uuid" ASC`].join(", ");
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
  const stacks = await stacksOf(connection, weeks, versions, stacked);
  return rows.map(([version, ...row]) => {
    const ofCrash = stacks.get(version as bigint);
    const known = new Map<FieldName, FieldValue | null>(columns.map((name, i) => [name, valueIn(row[i]!)]));
    for (const name of stacked) known.set(name, collapsed(ofCrash?.get(name) ?? []));
    return Object.fromEntries(plan.columns.map((name) => [name, known.get(name) ?? null]));
  });
}

const collapsed = (texts: readonly string[]): FieldValue | null =>
  texts.length > 1 ? texts : (texts[0] ?? null);
