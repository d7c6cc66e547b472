import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { tryLock } from "@mayday/lock";
import { Kysely, SqliteDialect } from "kysely";
import { migrate, type Records, recordsIn } from "../records.ts";
import type { Tables } from "../schema.ts";

/** Another process may write; a transaction of ours takes milliseconds. */
const BUSY_MS = 10_000;
const MIGRATION_LOCK_RETRY_MS = 50;

/** Opens the records in a file of SQLite, which several processes may have open. The folder is made. */
export async function openSqliteRecords(path: string, now: () => Date): Promise<Records> {
  await mkdir(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  // A transaction that was acknowledged is on the disk, also when the machine loses power.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asDialectWants(database) }) });
  const unlock = await locked(`${path}.migrate`);
  try {
    await migrate(db);
  } finally {
    unlock();
  }
  return recordsIn(db, `SQLite, ${path}`, now);
}

/** One process after the other brings the schema up to date. */
async function locked(path: string): Promise<() => void> {
  for (;;) {
    const unlock = tryLock(path);
    if (unlock !== undefined) return unlock;
    await sleep(MIGRATION_LOCK_RETRY_MS);
  }
}

/** Node's own SQLite, with the names that the dialect expects of another library. */
function asDialectWants(database: DatabaseSync) {
  return {
    prepare(text: string) {
      const statement = database.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...bound(parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...bound(parameters)),
        iterate: (parameters: readonly unknown[]) =>
          statement.iterate(...bound(parameters)) as IterableIterator<unknown>,
      };
    },
    close: () => database.close(),
  };
}

const bound = (parameters: readonly unknown[]) => parameters as (string | number | bigint | null)[];
