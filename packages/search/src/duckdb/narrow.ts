import type { DuckDBConnection } from "@duckdb/node-api";
import { knownField } from "../fields.ts";
import type { Condition, Filter } from "../query-plan.ts";
import { VERSION } from "./schema.ts";
import type { Rows } from "./source.ts";
import { stackRowsThat, Values } from "./where.ts";

/** With more rows it is faster to read tables from end to end. */
const MOST_ROWS = 5_000;

/** A filter of which a part was answered: by the rows that fulfil it. */
export interface Narrowed {
  /** What is left to be asked of the rows. */
  readonly filter: Filter;
  /** Undefined for all rows. */
  readonly rows: Rows | undefined;
}

/**
 * Looks for what must stand on the stacks first: the sorted stacks tell within milliseconds which few rows of which weeks
 * have it, and nothing else is read then.
 */
export async function narrowed(
  filter: Filter,
  weeks: readonly string[],
  connection: DuckDBConnection,
): Promise<Narrowed> {
  const conditions: readonly Filter[] = filter.op === "all" ? filter.of : [filter];
  const left: Filter[] = [];
  let rows: Rows | undefined;
  for (const condition of conditions) {
    const found = isOfStacks(condition) ? await rowsThat(condition, weeks, connection) : undefined;
    if (found === undefined) left.push(condition);
    else rows = rows === undefined ? found : common(rows, found);
  }
  return { filter: { op: "all", of: left }, rows };
}

function isOfStacks(filter: Filter): filter is Condition {
  return (
    (filter.op === "equals" || filter.op === "like" || filter.op === "matches") &&
    knownField(filter.field).isOfStacks
  );
}

/** The rows that fulfil a condition; undefined where they are many. */
async function rowsThat(
  condition: Condition,
  weeks: readonly string[],
  connection: DuckDBConnection,
): Promise<Rows | undefined> {
  const values = new Values();
  const rows = await stackRowsThat(condition, weeks, connection, values);
  // A value is on a crash's stacks but once in each field; several values may be on the same.
  const distinct = condition.op === "equals" ? "" : "DISTINCT ";
  const answer = await connection.runAndReadAll(
    `SELECT ${distinct}week, ${VERSION} FROM (${rows}) LIMIT ${MOST_ROWS + 1}`,
    values.values,
    values.types,
  );
  if (answer.currentRowCount > MOST_ROWS) return undefined;
  const found = new Map<string, bigint[]>();
  for (const [week, version] of answer.getRows()) {
    const ofWeek = found.get(String(week)) ?? [];
    ofWeek.push(version as bigint);
    found.set(String(week), ofWeek);
  }
  return found;
}

/** The rows that are in both. */
function common(some: Rows, others: Rows): Rows {
  const both = new Map<string, bigint[]>();
  for (const [week, versions] of some) {
    const other = new Set(others.get(week));
    const kept = versions.filter((version) => other.has(version));
    if (kept.length > 0) both.set(week, kept);
  }
  return both;
}
