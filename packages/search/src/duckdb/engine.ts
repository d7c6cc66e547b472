import type { DuckDBConnection } from "@duckdb/node-api";
import { MaydayError } from "@mayday/errors";
import type { SearchDocument } from "../document.ts";
import type { SearchEngine } from "../engine.ts";
import { shelfOf, weekOfShelf } from "../shelf.ts";
import { append } from "./append.ts";
import { liveIn, liveRows, outdatedRows } from "./live-rows.ts";
import { removeRows } from "./remove-rows.ts";
import { createWeek, dropWeek, weeksIn } from "./schema.ts";
import { search } from "./search.ts";
import { type Lease, leaseStore } from "./shared-store.ts";
import { sortStacks } from "./stacks.ts";
import { inTransaction, type Store } from "./store.ts";

export interface DuckDbOptions {
  /** The database file, made when absent, or `:memory:` for one that ends with the engine. */
  readonly path: string;
  /** What DuckDB may use, MiB; some of its operators take more for a while. Default 1024. */
  readonly memoryLimitMb?: number;
  /** Whether a crash whose date moved to another week stays in the old one too, as in Crash Stats' indices. Default false. */
  readonly isKeptByWeek?: boolean;
}

/** The search engine inside this process, over one DuckDB file. Only one process may have the file open. */
export interface DuckDbEngine extends SearchEngine {
  /** Drops every week before this one (`YYYYWW`, as `weekOf` gives it), and answers which those were. */
  dropWeeksBefore(week: string): Promise<string[]>;
}

/**
 * Opens the search engine over a DuckDB file. Engines of one process over the same file see each other's crashes
 * at once.
 *
 * After an internal error DuckDB refuses all further work on a file until it is opened anew: what was under way is
 * rejected, what follows finds it opened again.
 * @throws MaydayError SEARCH_UNAVAILABLE when the file cannot be opened, another process having it first of all
 */
export async function openDuckDbEngine({
  path,
  memoryLimitMb = 1024,
  isKeptByWeek = false,
}: DuckDbOptions): Promise<DuckDbEngine> {
  return engineOver(await orUnavailable(leaseStore(path, memoryLimitMb)), isKeptByWeek);
}

function engineOver({ store, release }: Lease, isKeptByWeek: boolean): DuckDbEngine {
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw new MaydayError("SEARCH_UNAVAILABLE", "the engine is closed");
    const running = work();
    underWay.add(running);
    return orUnavailable(running.finally(() => underWay.delete(running)));
  };
  return {
    add: (documents) => run(() => add(store, documents.map(onItsShelf), isKeptByWeek)),
    search: (plan) => run(() => store.read((connection, catalog) => search(connection, catalog, plan))),
    has: (ids) => run(() => store.read((connection, { weeks }) => has(connection, weeks, ids))),
    outdated: (version, after, most) =>
      run(() =>
        store.read((connection, { weeks }) => outdatedRows(connection, weeks, { version, after, most })),
      ),
    remove: (ids) => run(() => store.write((connection) => removeRows(connection, ids))),
    check: () => run(() => store.apart(check)),
    dropWeeksBefore: (week) => run(() => store.write((connection) => dropWeeks(store, connection, week))),
    close() {
      closing ??= Promise.allSettled(underWay).then(release);
      return closing;
    },
  };
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof MaydayError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new MaydayError("SEARCH_UNAVAILABLE", why, { cause: error });
  }
}

const onItsShelf = (document: SearchDocument): SearchDocument => ({ ...document, week: shelfOf(document) });

async function add(store: Store, documents: readonly SearchDocument[], isKeptByWeek: boolean): Promise<void> {
  if (documents.length === 0) return;
  const keyOf = ({ uuid, week }: SearchDocument) => (isKeptByWeek ? `${uuid} ${week}` : uuid);
  const newest = [...new Map(documents.map((document) => [keyOf(document), document])).values()];
  await store.write(async (connection) => {
    const weeks = new Set(store.catalog().weeks);
    let isChanged = false;
    for (const { week } of newest) {
      if (weeks.has(week)) continue;
      await createWeek(connection, week);
      weeks.add(week);
      isChanged = true;
    }
    if (isChanged) await store.readCatalogAnew(connection);
    const version = store.takeVersions(newest.length);
    const lists = await inTransaction(connection, "READ WRITE", () =>
      append(connection, newest, {
        weeks: [...weeks],
        firstVersion: version,
        isKeptByWeek,
        onReplace: store.noteReplaced,
      }),
    );
    const isNew = ([week, name]: readonly [string, string]): boolean =>
      store.catalog().lists.get(name)?.has(week) !== true;
    if (lists.some(isNew)) await store.readCatalogAnew(connection);
    await sortWeeks(store, connection, new Set(newest.map((document) => document.week)));
  });
}

/** Keeps the stacks in order: those of the weeks that just got rows, and once of those that get none any more. */
async function sortWeeks(
  store: Store,
  connection: DuckDBConnection,
  written: ReadonlySet<string>,
): Promise<void> {
  for (const week of written) {
    store.settledWeeks().delete(week);
    await sortStacks(connection, week, store.sortedRows(), false);
  }
  for (const week of store.sortedRows().keys()) {
    if (written.has(week) || store.settledWeeks().has(week) || !store.catalog().weeks.includes(week))
      continue;
    const isSorted = await sortStacks(connection, week, store.sortedRows(), true);
    store.settledWeeks().add(week);
    // After a start there may be many: to sort them all at once would hold up the first crashes.
    if (isSorted) break;
  }
}

async function has(
  connection: DuckDBConnection,
  weeks: readonly string[],
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await liveRows(connection, weeks, ids);
  return new Set(rows.map(({ uuid }) => uuid));
}

/** Reads a row of the newest week, as a search would: that the instance is there says nothing of its tables. */
async function check(connection: DuckDBConnection): Promise<void> {
  const newest = (await weeksIn(connection)).at(-1);
  if (newest !== undefined) await connection.run(`SELECT uuid FROM ${liveIn(newest)} LIMIT 1`);
}

async function dropWeeks(store: Store, connection: DuckDBConnection, before: string): Promise<string[]> {
  const weeks = (await weeksIn(connection)).filter((week) => weekOfShelf(week) < before);
  for (const week of weeks) await dropWeek(connection, week);
  if (weeks.length > 0) await store.readCatalogAnew(connection);
  return weeks;
}
