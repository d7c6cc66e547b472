import type { DuckDBConnection } from "@duckdb/node-api";
import { fieldsWithLists, replacedTable, weeksIn } from "./schema.ts";

/** What there is in the database. To ask DuckDB for it takes longer than most searches. */
export interface Catalog {
  /** Oldest first. */
  readonly weeks: readonly string[];
  /** By a field's name: the weeks in which it has lists, though it is none. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
  /** The weeks of which rows were replaced. */
  readonly replaced: ReadonlySet<string>;
}

export async function readCatalog(connection: DuckDBConnection): Promise<Catalog> {
  const weeks = await weeksIn(connection);
  const replaced = new Set<string>();
  for (const week of weeks) {
    const answer = await connection.runAndReadAll(`SELECT 1 FROM ${replacedTable(week)} LIMIT 1`);
    if (answer.currentRowCount > 0) replaced.add(week);
  }
  return { weeks, lists: await fieldsWithLists(connection, weeks), replaced };
}
