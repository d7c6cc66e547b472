import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { migrate, type Records, recordsIn } from "../records.ts";
import type { Tables } from "../schema.ts";

const MOST_CONNECTIONS = 10;
const CONNECT_MS = 5_000;
const AGAIN_MS = 500;
/** SQL states of a server that is starting or ending, and what a connection fails with where none is. */
const AWAY = /^(57P0[123]|08...|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)$/;

/**
 * Opens the records in PostgreSQL. Where several processes start at once, one brings the schema up to date and the others
 * wait for it.
 * @param url as `postgres://user:password@host:5432/database`
 * @param onError told of connections that break while nobody uses them
 * @param waitMs how long a server that is away is waited for
 */
export async function openPostgresRecords(
  url: string,
  now: () => Date,
  onError: (error: unknown) => void,
  waitMs: number,
): Promise<Records> {
  const pool = new Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
  });
  pool.on("error", onError);
  // The pool listens to connections that nobody uses; one that breaks between two queries of a transaction would end us.
  pool.on("connect", (client) => client.on("error", onError));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const until = Date.now() + waitMs;
    await untilThere(() => migrate(db), until, onError);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const { host, pathname } = new URL(url);
  return recordsIn(db, `PostgreSQL, ${host}${pathname}`, now);
}

async function untilThere(
  work: () => Promise<void>,
  until: number,
  onError: (error: unknown) => void,
): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() > until) throw error;
      onError(error);
      await sleep(AGAIN_MS);
    }
  }
}

/** A host with several addresses fails with what each of them did. */
function isAway(error: unknown): boolean {
  const {
    code,
    errors = [],
    message = "",
  } = error as { code?: string; errors?: unknown[]; message?: string };
  if (AWAY.test(code ?? "") || errors.some(isAway)) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect)/.test(message);
}
