import type { DuckDBConnection } from "@duckdb/node-api";
import type { Values } from "./where.ts";

/** Tables in memory that last as long as a search. */
export interface TempTables {
  /** Keeps what a statement selects. @returns the table's name */
  keep(sql: string, values: Values): Promise<string>;
  drop(): Promise<void>;
}

export function tempTables(connection: DuckDBConnection): TempTables {
  const names: string[] = [];
  return {
    async keep(sql, { values, types }) {
      const name = `kept_${names.length + 1}`;
      names.push(name);
      await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${sql}`, values, types);
      return `temp.${name}`;
    },
    async drop() {
      // Where the transaction has failed they are gone already.
      for (const name of names)
        await connection.run(`DROP TABLE IF EXISTS temp.${name}`).catch(() => undefined);
    },
  };
}
