import {
  BIGINT,
  BOOLEAN,
  type DuckDBConnection,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";
import type { SearchDocument } from "../document.ts";
import { type FieldValue, type StorageType, searchFields } from "../fields.ts";
import { parseInstant } from "../instant.ts";
import { homeWeek, type LiveRow, liveRows } from "./live-rows.ts";
import { columnOf, crashesTable, replacedTable, STRAY, VERSION, weeksIn } from "./schema.ts";

/**
 * Appends documents within the connection's transaction and marks the rows they take the place of as replaced.
 * The tables of their weeks must be there.
 * @param firstVersion larger than that of any row; the documents get it and the versions after it
 */
export async function append(
  connection: DuckDBConnection,
  documents: readonly SearchDocument[],
  firstVersion: bigint,
): Promise<void> {
  const ids = documents.map(({ uuid }) => uuid);
  const outdated = await liveRows(connection, await weeksIn(connection), ids);
  for (const [week, rows] of Map.groupBy(outdated, (row) => row.week)) await replace(connection, week, rows);
  let version = firstVersion;
  for (const [week, ofWeek] of Map.groupBy(documents, (document) => document.week)) {
    await insert(connection, week, ofWeek, version);
    version += BigInt(ofWeek.length);
  }
}

async function replace(connection: DuckDBConnection, week: string, rows: readonly LiveRow[]): Promise<void> {
  const versions = listValue(rows.map(({ version }) => version));
  await connection.run(`INSERT INTO ${replacedTable(week)} SELECT unnest($1)`, [versions], [LIST(BIGINT)]);
}

interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly values: readonly DuckDBValue[];
}

/** One statement for all rows: each column is bound as a list. */
async function insert(
  connection: DuckDBConnection,
  week: string,
  documents: readonly SearchDocument[],
  firstVersion: bigint,
): Promise<void> {
  const columns: Column[] = [
    { name: VERSION, type: BIGINT, values: documents.map((_, i) => firstVersion + BigInt(i)) },
    { name: STRAY, type: BOOLEAN, values: documents.map(({ uuid }) => homeWeek(uuid) !== week) },
    ...searchFields.map((field) => ({
      name: columnOf(field.name),
      type: bound[field.storage].type,
      values: documents.map(({ fields }) => bind(field.storage, fields[field.name])),
    })),
  ];
  const names = columns.map(({ name }) => name).join(", ");
  const lists = columns.map((_, i) => `unnest($${i + 1})`).join(", ");
  await connection.run(
    `INSERT INTO ${crashesTable(week)} (${names}) SELECT ${lists}`,
    columns.map(({ values }) => listValue([...values])),
    columns.map(({ type }) => LIST(type)),
  );
}

const bound: Record<StorageType, { type: DuckDBType; value: (value: FieldValue) => DuckDBValue }> = {
  keyword: { type: VARCHAR, value: String },
  text: { type: VARCHAR, value: String },
  integer: { type: INTEGER, value: Number },
  long: { type: BIGINT, value: BigInt },
  date: { type: TIMESTAMP, value: timestampOf },
};

function bind(storage: StorageType, value: FieldValue | undefined): DuckDBValue {
  return value === undefined ? null : bound[storage].value(value);
}

/** A document's or a plan's date as DuckDB binds it. */
export function timestampOf(value: FieldValue): DuckDBTimestampValue {
  const instant = parseInstant(String(value));
  if (instant === undefined) throw new TypeError("a date of the index cannot be read");
  return new DuckDBTimestampValue(instant);
}
