import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  SMALLINT,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";
import type { SearchDocument } from "../document.ts";
import type { FieldElement, FieldValue, Mapping, SearchField } from "../fields.ts";
import { parseInstant } from "../instant.ts";
import { homeWeek, type LiveRow, liveRows } from "./live-rows.ts";
import {
  addListColumn,
  columnFields,
  columnOf,
  crashesTable,
  listColumnOf,
  MADE_AS,
  replacedTable,
  STRAY,
  VERSION,
  WEIGHT,
} from "./schema.ts";
import { appendStacks } from "./stacks.ts";

interface AppendOptions {
  /** The weeks there are; those of the documents are among them. */
  readonly weeks: readonly string[];
  /** Larger than the version of any row; the documents get it and the versions after it. */
  readonly firstVersion: bigint;
  /** Whether a crash that is in another week already stays there. */
  readonly isKeptByWeek: boolean;
  /** Told of the weeks whose rows are about to be replaced. */
  readonly onReplace: (weeks: Iterable<string>) => void;
}

/**
 * Appends documents within the connection's transaction and marks the rows they take the place of as replaced. Answers
 * the weeks and fields that got lists though the field is none.
 */
export async function append(
  connection: DuckDBConnection,
  documents: readonly SearchDocument[],
  { weeks, firstVersion, isKeptByWeek, onReplace }: AppendOptions,
): Promise<(readonly [week: string, field: string])[]> {
  const weekOf = new Map(documents.map(({ uuid, week }) => [uuid as string, week]));
  const ids = documents.map(({ uuid }) => uuid);
  const found = await liveRows(connection, weeks, ids);
  const outdated = isKeptByWeek ? found.filter(({ uuid, week }) => weekOf.get(uuid) === week) : found;
  const byWeek = Map.groupBy(outdated, (row) => row.week);
  onReplace(byWeek.keys());
  for (const [week, rows] of byWeek) await replace(connection, week, rows);
  const lists: (readonly [string, string])[] = [];
  let version = firstVersion;
  for (const [week, ofWeek] of Map.groupBy(documents, (document) => document.week)) {
    for (const name of await insert(connection, week, ofWeek, version)) lists.push([week, name]);
    await appendStacks(connection, week, ofWeek, version);
    version += BigInt(ofWeek.length);
  }
  return lists;
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

/** One statement for all rows: each column is bound as a list. Answers the names of fields that got lists and are none. */
async function insert(
  connection: DuckDBConnection,
  week: string,
  documents: readonly SearchDocument[],
  firstVersion: bigint,
): Promise<string[]> {
  const columns: Column[] = [
    { name: VERSION, type: BIGINT, values: documents.map((_, i) => firstVersion + BigInt(i)) },
    { name: STRAY, type: BOOLEAN, values: documents.map(({ uuid }) => homeWeek(uuid) !== week) },
    { name: WEIGHT, type: DOUBLE, values: documents.map(({ weight }) => weight) },
    { name: MADE_AS, type: INTEGER, values: documents.map(({ version: made }) => made) },
    ...columnFields.flatMap((field) => columnsFor(field, documents)),
  ];
  const withLists = columnFields.filter((field) =>
    columns.some(({ name }) => name === listColumnOf(field.name)),
  );
  for (const field of withLists) await addListColumn(connection, week, field);
  const names = columns.map(({ name }) => name).join(", ");
  const lists = columns.map((_, i) => `unnest($${i + 1})`).join(", ");
  await connection.run(
    `INSERT INTO ${crashesTable(week)} (${names}) SELECT ${lists}`,
    columns.map(({ values }) => listValue([...values])),
    columns.map(({ type }) => LIST(type)),
  );
  return withLists.map(({ name }) => name);
}

/** A field's columns; none where no document has the field. */
function columnsFor(field: SearchField, documents: readonly SearchDocument[]): Column[] {
  const values = documents.map(({ fields }) => fields[field.name]);
  if (values.every((value) => value === undefined)) return [];
  const { type } = bound[field.mapping];
  const bindElement = (value: FieldElement): DuckDBValue => bound[field.mapping].value(value);
  const asList = (value: FieldValue | undefined): DuckDBValue =>
    value === undefined ? null : listValue((isList(value) ? value : [value]).map(bindElement));
  if (field.isList) return [{ name: columnOf(field.name), type: LIST(type), values: values.map(asList) }];
  const single = values.map((value) => (value === undefined || isList(value) ? null : bindElement(value)));
  const columns: Column[] = [{ name: columnOf(field.name), type, values: single }];
  if (values.some(isList)) {
    const lists = values.map((value) => (isList(value) ? asList(value) : null));
    columns.push({ name: listColumnOf(field.name), type: LIST(type), values: lists });
  }
  return columns;
}

const isList = (value: FieldValue | undefined): value is readonly FieldElement[] => Array.isArray(value);

const bound: Record<Mapping, { type: DuckDBType; value: (value: FieldElement) => DuckDBValue }> = {
  keyword: { type: VARCHAR, value: String },
  text: { type: VARCHAR, value: String },
  semicolons: { type: VARCHAR, value: String },
  long: { type: BIGINT, value: BigInt },
  integer: { type: INTEGER, value: Number },
  short: { type: SMALLINT, value: Number },
  double: { type: DOUBLE, value: Number },
  boolean: { type: BOOLEAN, value: Boolean },
  date: { type: TIMESTAMP, value: timestampOf },
};

/** A document's or a plan's date as DuckDB binds it. */
export function timestampOf(value: FieldElement): DuckDBTimestampValue {
  const instant = parseInstant(String(value));
  if (instant === undefined) throw new TypeError("a date of the index cannot be read");
  return new DuckDBTimestampValue(instant);
}
