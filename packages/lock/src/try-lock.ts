import { DatabaseSync } from "node:sqlite";

/** SQLite's word for a lock that another has. */
const SQLITE_BUSY = 5;

/** A lock lasts until it is let go, also when its holder forgot how: the garbage collector would free it. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock on `path`, a file that nothing else opens; its folder must be there. The kernel frees it when the process
 * ends, and processes of other containers on the same volume see it.
 * @returns frees the lock; undefined when another process, thread or caller has it
 * @throws when the file cannot be made, or its file system has no locks
 */
export function tryLock(path: string): (() => void) | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    if (isLocked(database)) {
      held.add(database);
      return () => {
        if (held.delete(database)) database.close();
      };
    }
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

function isLocked(database: DatabaseSync): boolean {
  try {
    // Nothing is ever written: there is no need of a journal beside the file.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
  return true;
}
