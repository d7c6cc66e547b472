import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { crashesTable, replacedTable, stacksTable, VERSION, weeksIn } from "./schema.ts";
import { inTransaction } from "./store.ts";

/** Deletes all rows of crashes, older versions too. Texts of stacks stay: other crashes share them. */
export async function removeRows(connection: DuckDBConnection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const weeks = await weeksIn(connection);
  await inTransaction(connection, "READ WRITE", async () => {
    for (const week of weeks) {
      const found = await connection.runAndReadAll(
        `SELECT ${VERSION} FROM ${crashesTable(week)} WHERE uuid IN (SELECT unnest($1))`,
        [listValue([...ids])],
        [LIST(VARCHAR)],
      );
      const versions = found.getRows().map(([version]) => version as bigint);
      if (versions.length === 0) continue;
      for (const table of [stacksTable(week), replacedTable(week), crashesTable(week)]) {
        await connection.run(
          `DELETE FROM ${table} WHERE ${VERSION} IN (SELECT unnest($1))`,
          [listValue(versions)],
          [LIST(BIGINT)],
        );
      }
    }
  });
}
