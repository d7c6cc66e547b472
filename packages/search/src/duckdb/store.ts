import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type Catalog, readCatalog } from "./catalog.ts";
import { type Pool, pool } from "./pool.ts";
import { addMissingColumns, lastVersion, sortedRowsIn, weeksIn } from "./schema.ts";
import { type SerialQueue, serialQueue } from "./serial-queue.ts";

/** An open database: one connection that writes, a few that read, and the count of row versions. */
export interface Store {
  /** Runs work on the writing connection, after all that was given before. */
  write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /**
   * Runs work in a transaction on a reading connection: whatever it asks, it sees one state of the database, which has
   * what the catalog says.
   */
  read<T>(work: (connection: DuckDBConnection, catalog: Catalog) => Promise<T>): Promise<T>;
  /** What there is, as of the last {@link readCatalogAnew}. */
  catalog(): Catalog;
  /** Notes that rows of these weeks are replaced, before they are: a search that minds it needlessly is right, too. */
  noteReplaced(weeks: Iterable<string>): void;
  /** Looks again what there is: for who made or dropped some of it, on the writing connection. */
  readCatalogAnew(connection: DuckDBConnection): Promise<void>;
  /** Runs work on a connection of its own, so that it waits for no other. */
  apart<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Takes `count` versions, each larger than that of any row, and gives the first. */
  takeVersions(count: number): bigint;
  /** Rows of the stacks of a week when they were last sorted. */
  sortedRows(): Map<string, number>;
  /** Weeks whose stacks were put in order since they last got rows. */
  settledWeeks(): Set<string>;
  /** Closes connections and file at once: no work may be under way. */
  close(): void;
}

/** Each query under way holds one of libuv's four threads; some must be left for the writer and for files. */
const READERS = 2;

/** Where a database without a file puts what has no place in memory: else in the folder that the process was started in. */
export const spillOptions = (): Record<string, string> => ({
  temp_directory: join(tmpdir(), `mayday-search-${process.pid}`),
});

/** Nothing in a query may reach a file or the network, and no extension is fetched behind our back. */
export function instanceOptions(memoryLimitMb: number, path = ""): Record<string, string> {
  return {
    ...(path === ":memory:" ? spillOptions() : {}),
    memory_limit: `${memoryLimitMb}MiB`,
    enable_external_access: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  };
}

/** A database that is open, and what is known of it. */
interface Opened {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly withReader: Pool<DuckDBConnection>;
  readonly inOrder: SerialQueue;
  readonly underWay: Set<Promise<unknown>>;
  readonly sortedRows: Map<string, number>;
  readonly settledWeeks: Set<string>;
  version: bigint;
  catalog: Catalog;
  close(): void;
}

/** Opens the database and brings its tables up to date. */
async function openDatabase(path: string, memoryLimitMb: number): Promise<Opened> {
  // The cache hands out one instance per file, whoever else in the process opens it; two would corrupt it.
  const instance = await DuckDBInstance.fromCache(path, instanceOptions(memoryLimitMb, path));
  const connections: DuckDBConnection[] = [];
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
  };
  try {
    for (let i = 0; i < 1 + READERS; i++) connections.push(await instance.connect());
    const [first, ...readers] = connections;
    const writer = first!;
    for (const week of await weeksIn(writer)) await addMissingColumns(writer, week);
    return {
      instance,
      writer,
      withReader: pool(readers),
      inOrder: serialQueue(),
      underWay: new Set(),
      sortedRows: await sortedRowsIn(writer),
      settledWeeks: new Set(),
      version: await lastVersion(writer),
      catalog: await readCatalog(writer),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Opens the database. After an error that DuckDB takes for fatal it does no more work on a file until it is opened anew:
 * the next work waits for that, and is rejected where it fails.
 */
export async function openStore(path: string, memoryLimitMb: number): Promise<Store> {
  let now = await openDatabase(path, memoryLimitMb);
  let isBroken = false;
  let reopening: Promise<void> | undefined;
  const reopen = async (): Promise<void> => {
    await Promise.allSettled(now.underWay);
    now.close();
    now = await openDatabase(path, memoryLimitMb);
    isBroken = false;
  };
  const run = async <T>(work: (opened: Opened) => Promise<T>): Promise<T> => {
    while (isBroken) {
      reopening ??= reopen().finally(() => {
        reopening = undefined;
      });
      await reopening;
    }
    const opened = now;
    const running = work(opened);
    opened.underWay.add(running);
    try {
      return await running;
    } catch (error) {
      // What is in memory alone would be lost.
      if (isFatal(error) && opened === now && path !== ":memory:") isBroken = true;
      throw error;
    } finally {
      opened.underWay.delete(running);
    }
  };
  return {
    write: (work) => run(({ inOrder, writer }) => inOrder(() => work(writer))),
    read: (work) => run((opened) => readFrom(opened, work)),
    catalog: () => now.catalog,
    noteReplaced(weeks) {
      now.catalog = { ...now.catalog, replaced: new Set([...now.catalog.replaced, ...weeks]) };
    },
    async readCatalogAnew(connection) {
      now.catalog = await readCatalog(connection);
    },
    apart: (work) =>
      run(async ({ instance }) => {
        const connection = await instance.connect();
        try {
          return await work(connection);
        } finally {
          connection.closeSync();
        }
      }),
    sortedRows: () => now.sortedRows,
    settledWeeks: () => now.settledWeeks,
    takeVersions(count) {
      const first = now.version + 1n;
      now.version += BigInt(count);
      return first;
    },
    close: () => now.close(),
  };
}

const isFatal = (error: unknown): boolean =>
  error instanceof Error && /FATAL Error|database has been invalidated/.test(error.message);

/** Runs work on a reading connection, once more where a week was dropped in between. */
async function readFrom<T>(
  opened: Opened,
  work: (connection: DuckDBConnection, catalog: Catalog) => Promise<T>,
): Promise<T> {
  const once = () =>
    opened.withReader((connection) => {
      // Taken before the transaction begins, it has nothing that the transaction does not see.
      const seen = opened.catalog;
      return inTransaction(connection, "READ ONLY", () => work(connection, seen));
    });
  const before = opened.catalog;
  try {
    return await once();
  } catch (error) {
    if (opened.catalog === before) throw error;
    return once();
  }
}

/** Commits when the work is fulfilled, and undoes it all when it fails. */
export async function inTransaction<T>(
  connection: DuckDBConnection,
  access: "READ ONLY" | "READ WRITE",
  work: () => Promise<T>,
): Promise<T> {
  await connection.run(`BEGIN TRANSACTION ${access}`);
  try {
    const result = await work();
    await connection.run("COMMIT");
    return result;
  } catch (error) {
    // After a failed COMMIT there is no transaction left to undo; the first error is the one that tells.
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
