import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { ObjectInfo } from "../object-store.ts";
import type { PackedBatch } from "../packing-store.ts";
import { placesIn } from "./batch.ts";

/** Where an object stands in the packs. */
export interface FoundObject extends ObjectInfo {
  /** Name of the pack. */
  readonly pack: string;
  /** Bytes from the pack's beginning. */
  readonly at: number;
}

interface ObjectRow {
  readonly key: string;
  readonly pack: string;
  readonly at: number;
  readonly size: number;
  readonly modified: number;
}

/** How long one process waits for another that writes, ms. */
const BUSY_MS = 10_000;
/** Keys are spread over the whole index: what is added needs other pages each time. */
const CACHE_KIBIBYTES = 65_536;
/** Rows read at a time: a list that somebody takes his time over holds up nobody. */
const PAGE_ROWS = 1000;
const COLUMNS = "object.key, pack.name AS pack, object.at, object.size, object.modified";
const TABLES = "object JOIN pack ON pack.id = object.pack";

/**
 * Which object stands where, in SQLite. All of it stands in the packs, too: what is not in the index when a process dies,
 * and one that is gone, is read from there. So it need not be durable itself, only consistent. Calls block, each for
 * some microseconds.
 */
export class PackIndex {
  readonly #database: DatabaseSync;
  readonly #addPack: StatementSync;
  readonly #advance: StatementSync;
  readonly #indexedTo: StatementSync;
  readonly #addObject: StatementSync;
  readonly #find: StatementSync;
  readonly #page: StatementSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: BUSY_MS });
    this.#database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIBIBYTES}`,
    );
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS pack (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
         indexed_to INTEGER NOT NULL DEFAULT 0);
       CREATE TABLE IF NOT EXISTS object (key TEXT PRIMARY KEY, pack INTEGER NOT NULL, at INTEGER NOT NULL,
         size INTEGER NOT NULL, modified INTEGER NOT NULL) WITHOUT ROWID`,
    );
    this.#addPack = this.#database.prepare(
      "INSERT INTO pack (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
    );
    // A batch behind one that is not there yet leaves it where it is: that one must be found.
    this.#advance = this.#database.prepare("UPDATE pack SET indexed_to = ? WHERE id = ? AND indexed_to = ?");
    this.#indexedTo = this.#database.prepare("SELECT indexed_to FROM pack WHERE name = ?");
    // Of several versions the newest counts, in whatever order they are found.
    this.#addObject = this.#database.prepare(
      `INSERT INTO object (key, pack, at, size, modified) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
         pack = excluded.pack, at = excluded.at, size = excluded.size, modified = excluded.modified
         WHERE excluded.modified >= modified`,
    );
    this.#find = this.#database.prepare(`SELECT ${COLUMNS} FROM ${TABLES} WHERE object.key = ?`);
    this.#page = this.#database.prepare(
      `SELECT ${COLUMNS} FROM ${TABLES} WHERE object.key > ? AND object.key < ? ORDER BY object.key LIMIT ${PAGE_ROWS}`,
    );
  }

  /** Up to where all batches of a pack are in the index, bytes. */
  indexedTo(pack: string): number {
    return Number(this.#indexedTo.get(pack)?.["indexed_to"] ?? 0);
  }

  /** Adds the objects of batches, all or none. Adding a batch again does no harm. */
  add(batches: readonly PackedBatch[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const batch of batches) this.#addBatch(batch);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #addBatch(batch: PackedBatch): void {
    const { id } = this.#addPack.get(batch.pack) as { id: number };
    for (const { key, at, size } of placesIn(batch)) this.#addObject.run(key, id, at, size, batch.savedAt);
    this.#advance.run(batch.at + batch.length, id, batch.at);
  }

  find(key: string): FoundObject | undefined {
    const row = this.#find.get(key);
    return row === undefined ? undefined : found(row as unknown as ObjectRow);
  }

  /** The first objects whose key begins with `prefix` and comes behind `last`, in the order of their keys; none at the end. */
  page(prefix: string, last: string): FoundObject[] {
    const rows = this.#page.all(last, `${prefix}\u{10ffff}`) as unknown as ObjectRow[];
    return rows.map(found);
  }
}

function found({ key, pack, at, size, modified }: ObjectRow): FoundObject {
  return { key, pack, at, size, modifiedAt: new Date(modified) };
}
