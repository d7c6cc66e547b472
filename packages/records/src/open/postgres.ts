import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { migrate, type Records, recordsIn } from "../records.ts";
import type { Tables } from "../schema.ts";

const MOST_CONNECTIONS = 10;
const CONNECT_MS = 5_000;

/**
 * Opens the records in PostgreSQL. Where several processes start at once, one brings the schema up to date and the others
 * wait for it.
 * @param url as `postgres://user:password@host:5432/database`
 * @param onError told of connections that break while nobody uses them
 */
export async function openPostgresRecords(
  url: string,
  now: () => Date,
  onError: (error: unknown) => void,
): Promise<Records> {
  const pool = new Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
  });
  pool.on("error", onError);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const { host, pathname } = new URL(url);
  return recordsIn(db, `PostgreSQL, ${host}${pathname}`, now);
}
