import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type Catalog, readCatalog } from "./catalog.ts";
import { pool } from "./pool.ts";
import { addMissingColumns, lastVersion, weeksIn } from "./schema.ts";
import { serialQueue } from "./serial-queue.ts";

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
  readonly sortedRows: Map<string, number>;
  /** Weeks whose stacks were put in order since they last got rows. */
  readonly settledWeeks: Set<string>;
  /** Closes connections and file at once: no work may be under way. */
  close(): void;
}

/** Each query under way holds one of libuv's four threads; some must be left for the writer and for files. */
const READERS = 2;

/** Nothing in a query may reach a file or the network, and no extension is fetched behind our back. */
export function instanceOptions(memoryLimitMb: number): Record<string, string> {
  return {
    memory_limit: `${memoryLimitMb}MiB`,
    enable_external_access: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  };
}

/** Opens the database and brings its tables up to date. */
export async function openStore(path: string, memoryLimitMb: number): Promise<Store> {
  // The cache hands out one instance per file, whoever else in the process opens it; two would corrupt it.
  const instance = await DuckDBInstance.fromCache(path, instanceOptions(memoryLimitMb));
  const connections: DuckDBConnection[] = [];
  const close = (): void => {
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
  };
  try {
    for (let i = 0; i < 1 + READERS; i++) connections.push(await instance.connect());
    const [writer, ...readers] = connections;
    for (const week of await weeksIn(writer!)) await addMissingColumns(writer!, week);
    const catalog = await readCatalog(writer!);
    return storeOf(instance, writer!, readers, { version: await lastVersion(writer!), catalog }, close);
  } catch (error) {
    close();
    throw error;
  }
}

function storeOf(
  instance: DuckDBInstance,
  writer: DuckDBConnection,
  readers: readonly DuckDBConnection[],
  found: { readonly version: bigint; readonly catalog: Catalog },
  close: () => void,
): Store {
  const inOrder = serialQueue();
  const withReader = pool(readers);
  let { version, catalog } = found;
  return {
    write: (work) => inOrder(() => work(writer)),
    async read(work) {
      const once = () =>
        withReader((connection) => {
          // Taken before the transaction begins, it has nothing that the transaction does not see.
          const seen = catalog;
          return inTransaction(connection, "READ ONLY", () => work(connection, seen));
        });
      const before = catalog;
      try {
        return await once();
      } catch (error) {
        // A week may have been dropped in between.
        if (catalog === before) throw error;
        return once();
      }
    },
    catalog: () => catalog,
    noteReplaced(weeks) {
      catalog = { ...catalog, replaced: new Set([...catalog.replaced, ...weeks]) };
    },
    async readCatalogAnew(connection) {
      catalog = await readCatalog(connection);
    },
    async apart(work) {
      const connection = await instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    },
    sortedRows: new Map(),
    settledWeeks: new Set(),
    takeVersions(count) {
      const first = version + 1n;
      version += BigInt(count);
      return first;
    },
    close,
  };
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
