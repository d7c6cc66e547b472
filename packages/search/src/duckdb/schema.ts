import type { DuckDBConnection } from "@duckdb/node-api";
import { type Mapping, type SearchField, searchFields } from "../fields.ts";
import { isShelf } from "../shelf.ts";

/**
 * The tables. For each week there are two, both only ever appended to; those of pings are apart from those of reports,
 * and wherever a week is spoken of here it is the week of one of them: see `Shelf`.
 *
 * - `crashes_<YYYYWW>`: a row per version of a crash. `_version` grows with every row of the database, `_stray`
 *   marks crashes whose id tells of another week than the one they are in, the other columns are the fields.
 * - `replaced_<YYYYWW>`: the `_version`s of that week which a newer row took the place of, there or in another
 *   week. A search leaves them out.
 *
 * - `stacks_<YYYYWW>`: a row per crash and value of a field of stacks; `terms_<YYYYWW>` has the values' texts. Lists of
 *   them are no columns: finding one in a million lists takes a second.
 *
 * A field of several values is a list; one that should have but one value gets a second column, `<name>.list`, in the
 * week in which a crash has several.
 *
 * No keys and no indexes: DuckDB's have cost others their files after a crash (duckdb#18732, #15836, #23645).
 */
export const VERSION = "_version";
export const STRAY = "_stray";
/** How many reports a crash stands for. */
export const WEIGHT = "_weight";
/** Of the document: see {@link SearchDocument.version}. */
export const MADE_AS = "_made_as";

const columnTypes: Record<Mapping, string> = {
  keyword: "VARCHAR",
  text: "VARCHAR",
  semicolons: "VARCHAR",
  long: "BIGINT",
  integer: "INTEGER",
  short: "SMALLINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  date: "TIMESTAMP",
};

export function crashesTable(week: string): string {
  return `"crashes_${checkedWeek(week)}"`;
}

export function replacedTable(week: string): string {
  return `"replaced_${checkedWeek(week)}"`;
}

export const stacksTable = (week: string): string => `"stacks_${checkedWeek(week)}"`;
export const termsTable = (week: string): string => `"terms_${checkedWeek(week)}"`;

/** The fields that are columns. */
export const columnFields: readonly SearchField[] = searchFields.filter(({ isOfStacks }) => !isOfStacks);

/** The number by which the stacks' tables know a field. Never used for another one. */
const stackNumbers: Readonly<Record<string, number>> = {
  stack_function: 1,
  stack_module: 2,
  stack_file: 3,
  stack_module_offset: 4,
  any_thread_function: 5,
  any_thread_module: 6,
};

export function stackNumberOf({ name }: SearchField): number {
  const number = stackNumbers[name];
  if (number === undefined) throw new TypeError(`${name} is no field of stacks`);
  return number;
}

/** A week becomes part of a statement, so it must be nothing but a week. */
function checkedWeek(week: string): string {
  if (!isShelf(week)) throw new TypeError("a week is six digits");
  return week;
}

/** A field's column. Names come from the field table, never from a query. */
export const columnOf = (name: SearchField["name"]): string => `"${name}"`;

/** The column of a field's lists, where the field itself is none. */
export const listColumnOf = (name: SearchField["name"]): string => `"${name}.list"`;

/** The type of a field's elements. */
const elementTypeOf = ({ mapping }: SearchField): string => columnTypes[mapping];

const definitionOf = (field: SearchField): string =>
  `${columnOf(field.name)} ${elementTypeOf(field)}${field.isList ? "[]" : ""}`;

/** The weeks there are, as the connection's transaction sees them, oldest first. */
export async function weeksIn(connection: DuckDBConnection): Promise<string[]> {
  const tables = await connection.runAndReadAll(
    "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND starts_with(table_name, 'crashes_') ORDER BY 1",
  );
  return tables
    .getRows()
    .map(([name]) => String(name).slice("crashes_".length))
    .filter(isShelf);
}

/**
 * Makes the tables of a week. `crashes_` comes last and is dropped first, so wherever it is, `replaced_` is too,
 * also after a kill in between.
 */
export async function createWeek(connection: DuckDBConnection, week: string): Promise<void> {
  const columns = columnFields.map(definitionOf).join(", ");
  await createStacks(connection, week);
  await connection.run(`CREATE TABLE IF NOT EXISTS ${replacedTable(week)} (${VERSION} BIGINT)`);
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${crashesTable(week)} (${VERSION} BIGINT, ${STRAY} BOOLEAN, ${WEIGHT} DOUBLE, ${MADE_AS} INTEGER, ${columns})`,
  );
}

async function createStacks(connection: DuckDBConnection, week: string): Promise<void> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${stacksTable(week)} (field UTINYINT, term UBIGINT, ${VERSION} BIGINT, position USMALLINT)`,
  );
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${termsTable(week)} (field UTINYINT, term UBIGINT, text VARCHAR)`,
  );
}

export async function dropWeek(connection: DuckDBConnection, week: string): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${crashesTable(week)}`);
  for (const table of [replacedTable(week), stacksTable(week), termsTable(week)])
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
  await connection.run(`DELETE FROM ${SORTED_TABLE} WHERE week = $1`, [week]);
}

/** Gives a week of an older Mayday the columns of the fields added since; its crashes lack them. */
export async function addMissingColumns(connection: DuckDBConnection, week: string): Promise<void> {
  const present = await columnsOf(connection, week);
  await createStacks(connection, week);
  if (!present.has(WEIGHT))
    await connection.run(`ALTER TABLE ${crashesTable(week)} ADD COLUMN ${WEIGHT} DOUBLE DEFAULT 1`);
  if (!present.has(MADE_AS))
    await connection.run(`ALTER TABLE ${crashesTable(week)} ADD COLUMN ${MADE_AS} INTEGER DEFAULT 0`);
  for (const field of columnFields) {
    if (present.has(field.name)) continue;
    await connection.run(`ALTER TABLE ${crashesTable(week)} ADD COLUMN ${definitionOf(field)}`);
  }
}

/** Makes the column of a field's lists in a week that has none yet. */
export async function addListColumn(
  connection: DuckDBConnection,
  week: string,
  field: SearchField,
): Promise<void> {
  await connection.run(
    `ALTER TABLE ${crashesTable(week)} ADD COLUMN IF NOT EXISTS ${listColumnOf(field.name)} ${elementTypeOf(field)}[]`,
  );
}

/** The names of a week's columns. */
async function columnsOf(connection: DuckDBConnection, week: string): Promise<Set<string>> {
  const described = await connection.runAndReadAll(
    "SELECT column_name FROM duckdb_columns() WHERE table_name = $1",
    [`crashes_${week}`],
  );
  return new Set(described.getRows().map(([name]) => String(name)));
}

/** The fields that have lists in any of these weeks, though they are none. */
export async function fieldsWithLists(
  connection: DuckDBConnection,
  weeks: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const described = await connection.runAndReadAll(
    "SELECT table_name, column_name FROM duckdb_columns() WHERE column_name LIKE '%.list' AND starts_with(table_name, 'crashes_')",
  );
  const found = new Map<string, Set<string>>();
  for (const [table, column] of described.getRows()) {
    const week = String(table).slice("crashes_".length);
    const name = String(column).slice(0, -".list".length);
    if (!weeks.includes(week)) continue;
    found.set(name, (found.get(name) ?? new Set()).add(week));
  }
  return found;
}

/** How many rows of a week's stacks were there when they were last put in order. */
const SORTED_TABLE = "sorted_stacks";

/** By week, also of weeks that never were: 0. */
export async function sortedRowsIn(connection: DuckDBConnection): Promise<Map<string, number>> {
  await connection.run(`CREATE TABLE IF NOT EXISTS ${SORTED_TABLE} (week VARCHAR, rows BIGINT)`);
  const answer = await connection.runAndReadAll(`SELECT week, rows FROM ${SORTED_TABLE}`);
  const known = new Map(answer.getRows().map(([week, rows]) => [String(week), Number(rows)]));
  return new Map((await weeksIn(connection)).map((week) => [week, known.get(week) ?? 0]));
}

export async function noteSortedRows(
  connection: DuckDBConnection,
  week: string,
  rows: number,
): Promise<void> {
  await connection.run(`DELETE FROM ${SORTED_TABLE} WHERE week = $1`, [week]);
  await connection.run(`INSERT INTO ${SORTED_TABLE} VALUES ($1, $2)`, [week, BigInt(rows)]);
}

/** The largest `_version` of any row, 0 when there is none. */
export async function lastVersion(connection: DuckDBConnection): Promise<bigint> {
  let last = 0n;
  for (const week of await weeksIn(connection)) {
    const answer = await connection.runAndReadAll(`SELECT max(${VERSION}) FROM ${crashesTable(week)}`);
    const max = answer.getRows()[0]?.[0];
    if (typeof max === "bigint" && max > last) last = max;
  }
  return last;
}
