import { DuckDBInstance } from "@duckdb/node-api";
import type { SearchDocument } from "../document.ts";
import { append } from "./append.ts";
import { columnFields, columnOf, crashesTable, createWeek, VERSION } from "./schema.ts";
import { spillOptions } from "./store.ts";

/** All documents of a file stand in one table. */
const WEEK = "000000";

/**
 * Writes documents as a Parquet file: a column for each field of a search that everybody may see, typed as it is searched.
 * Memory is that of DuckDB, with at most one batch beside it.
 * @param path of the file; made anew
 * @param batches of documents; of those that come again the last one counts
 * @returns how many crashes it has
 */
export async function writeParquet(
  path: string,
  batches: AsyncIterable<readonly SearchDocument[]>,
  memoryLimitMb = 512,
): Promise<number> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryLimitMb}MiB`,
    ...spillOptions(),
  });
  const connection = await instance.connect();
  try {
    await createWeek(connection, WEEK);
    let firstVersion = 1n;
    for await (const batch of batches) {
      const documents = batch.map((document) => ({ ...document, week: WEEK }));
      const options = { weeks: [], firstVersion, isKeptByWeek: true, onReplace: () => undefined };
      await append(connection, documents, options);
      firstVersion += BigInt(documents.length);
    }
    const columns = columnFields
      .filter(({ permissions }) => permissions.length === 0)
      .map(({ name }) => columnOf(name))
      .join(", ");
    const newest = `SELECT * FROM ${crashesTable(WEEK)} SEMI JOIN (SELECT max(${VERSION}) AS ${VERSION} FROM ${crashesTable(WEEK)} GROUP BY uuid) USING (${VERSION})`;
    const copied = await connection.runAndReadAll(
      `COPY (SELECT ${columns} FROM (${newest}) ORDER BY "date", "uuid") TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    return Number(copied.getRows()[0]![0]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
