import { BIGINT, type DuckDBConnection, LIST, listValue, UTINYINT, VARCHAR } from "@duckdb/node-api";
import type { SearchDocument } from "../document.ts";
import { type FieldElement, type FieldName, knownField, type SearchField, searchFields } from "../fields.ts";
import { noteSortedRows, stackNumberOf, stacksTable, termsTable, VERSION } from "./schema.ts";
import { inTransaction } from "./store.ts";

const ofStacks = searchFields.filter(({ isOfStacks }) => isOfStacks);

/** How a text is told in the stacks' tables: eight bytes of its MD5. */
export const termOf = (text: string): string => `md5_number_lower(${text})`;

/** Rows that are added to a week before its stacks are sorted anew: at least so many, and half as many as are sorted. */
const UNSORTED_ROWS = 1_000_000;
/** The same where the week gets no rows at the moment: then what is left is put in order. */
const LEFT_UNSORTED_ROWS = 50_000;

/**
 * Appends what stands on the documents' stacks, within the connection's transaction.
 * @param firstVersion that of the first document; the others have those after it
 */
export async function appendStacks(
  connection: DuckDBConnection,
  week: string,
  documents: readonly SearchDocument[],
  firstVersion: bigint,
): Promise<void> {
  const numbers: number[] = [];
  const versions: bigint[] = [];
  const texts: string[] = [];
  documents.forEach(({ fields }, i) => {
    for (const field of ofStacks) {
      const value = fields[field.name];
      if (value === undefined) continue;
      numbers.push(stackNumberOf(field));
      versions.push(firstVersion + BigInt(i));
      // Values are on one line each; to bind them one by one takes longer than all the rest.
      texts.push((Array.isArray(value) ? (value as readonly FieldElement[]) : [value]).join("\n"));
    }
  });
  if (numbers.length === 0) return;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE new_stacks AS
     SELECT field, ${termOf("text")} AS term, version, position, text FROM (
       SELECT field, version, unnest(list) AS text, generate_subscripts(list, 1) AS position FROM (
         SELECT unnest($1) AS field, unnest($2) AS version, string_split(unnest($3), chr(10)) AS list))`,
    [listValue(numbers), listValue(versions), listValue(texts)],
    [LIST(UTINYINT), LIST(BIGINT), LIST(VARCHAR)],
  );
  await connection.run(
    `INSERT INTO ${termsTable(week)} SELECT DISTINCT field, term, text FROM new_stacks ANTI JOIN ${termsTable(week)} USING (field, term)`,
  );
  await connection.run(
    `INSERT INTO ${stacksTable(week)} (field, term, ${VERSION}, position)
     SELECT field, term, version, position FROM new_stacks ORDER BY field, term, version`,
  );
}

/**
 * Sorts a week's stacks anew when a good part of them is not: DuckDB passes over what cannot hold a value by the bounds it
 * keeps of each piece of a sorted table.
 * @param sortedRows rows by week that were there when it was last sorted
 * @param isOver whether the week gets no rows at the moment
 * @returns whether it was sorted
 */
export async function sortStacks(
  connection: DuckDBConnection,
  week: string,
  sortedRows: Map<string, number>,
  isOver: boolean,
): Promise<boolean> {
  const answer = await connection.runAndReadAll(`SELECT count(*) FROM ${stacksTable(week)}`);
  const rows = Number(answer.getRows()[0]![0]);
  const sorted = sortedRows.get(week) ?? 0;
  sortedRows.set(week, sorted);
  const most = isOver ? Math.max(LEFT_UNSORTED_ROWS, sorted / 10) : Math.max(UNSORTED_ROWS, sorted / 2);
  if (rows - sorted < most) return false;
  const table = stacksTable(week);
  await inTransaction(connection, "READ WRITE", async () => {
    await connection.run(
      `CREATE OR REPLACE TABLE "sorting" AS SELECT * FROM ${table} ORDER BY field, term, ${VERSION}`,
    );
    await connection.run(`DROP TABLE ${table}`);
    await connection.run(`ALTER TABLE "sorting" RENAME TO ${table}`);
    await noteSortedRows(connection, week, rows);
  });
  sortedRows.set(week, rows);
  return true;
}

/** The rows of a field in some weeks' stacks: week, term, version, position. */
export function stackRows(weeks: readonly string[], field: SearchField): string {
  const number = stackNumberOf(field);
  return weeks
    .map(
      (week) =>
        `SELECT '${week}' AS week, term, ${VERSION}, position FROM ${stacksTable(week)} WHERE field = ${number}`,
    )
    .join(" UNION ALL ");
}

/** The texts of a field in some weeks' stacks, each once. */
export function stackTerms(weeks: readonly string[], field: SearchField): string {
  const number = stackNumberOf(field);
  return weeks
    .map((week) => `SELECT term, text FROM ${termsTable(week)} WHERE field = ${number}`)
    .join(" UNION ");
}

/** The values of some crashes, by version, then field, in their order. */
export async function stacksOf(
  connection: DuckDBConnection,
  weeks: readonly string[],
  versions: readonly bigint[],
  names: readonly FieldName[],
): Promise<ReadonlyMap<bigint, ReadonlyMap<FieldName, string[]>>> {
  const found = new Map<bigint, Map<FieldName, string[]>>();
  for (const name of names) {
    const field = knownField(name);
    const answer = await connection.runAndReadAll(
      `SELECT ${VERSION}, text FROM (SELECT * FROM (${stackRows(weeks, field)}) WHERE ${VERSION} IN (SELECT unnest($1)))
       JOIN (${stackTerms(weeks, field)}) USING (term) ORDER BY position`,
      [listValue([...versions])],
      [LIST(BIGINT)],
    );
    for (const [version, text] of answer.getRows()) {
      const ofCrash = found.get(version as bigint) ?? new Map<FieldName, string[]>();
      found.set(version as bigint, ofCrash.set(name, [...(ofCrash.get(name) ?? []), String(text)]));
    }
  }
  return found;
}
