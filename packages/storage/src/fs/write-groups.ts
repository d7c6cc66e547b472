import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkKey } from "../key.ts";
import type { StoredObject } from "../object-store.ts";
import { canSyncFileSystems, syncFileSystem } from "./sync-file-system.ts";

/** Where a batch is written. */
export interface WritePlaces {
  readonly root: string;
  /** Folder of the temporary names, on the same file system. */
  readonly unfinished: string;
}

/** From so many objects on one sync of the whole file system costs less than a sync of every file and folder. */
const SYNC_ALL_FROM = 12;

/**
 * Writes many objects below `root` for few syncs: all are written, then made durable together, then those with temporary
 * names are named in their order, then the names are made durable. Temporary names are for the last object of each group
 * and for what replaces something; the others show as they are written, and nobody looks for them before the last.
 * Blocks.
 */
export function writeGroups(
  { root, unfinished }: WritePlaces,
  groups: readonly (readonly StoredObject[])[],
): void {
  const objects = groups.flatMap((group) =>
    group.map(({ key, bytes }, index) => ({
      path: join(root, checkKey(key)),
      bytes,
      isLast: index === group.length - 1,
    })),
  );
  const together = canSyncFileSystems && objects.length >= SYNC_ALL_FROM;
  const folders = new Set(objects.map(({ path }) => dirname(path)));
  const written: string[] = [];
  const unnamed: { path: string; temporary: string }[] = [];
  const write = (path: string, bytes: Uint8Array) => {
    const file = openSync(path, "wx");
    written.push(path);
    try {
      writeFileSync(file, bytes);
      if (!together) fsyncSync(file);
    } finally {
      closeSync(file);
    }
  };
  try {
    for (const folder of folders) makeFolder(root, folder);
    for (const { path, bytes, isLast } of objects) {
      if (!isLast && unlessThere(() => write(path, bytes))) continue;
      const temporary = join(unfinished, randomUUID());
      write(temporary, bytes);
      unnamed.push({ path, temporary });
    }
    if (together) withFile(root, syncFileSystem);
  } catch (error) {
    // On a full disk what is left of the attempt would keep it full.
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
  for (const { path, temporary } of unnamed) renameSync(temporary, path);
  // The sync of all has made the other names durable.
  const unsynced = together ? unnamed.map(({ path }) => dirname(path)) : folders;
  for (const folder of new Set(unsynced)) syncPath(folder);
}

/** False when the file that `write` makes is there already. */
function unlessThere(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Folders that this process knows to be durable themselves: syncing the entries that name them once is enough. */
const durableFolders = new Set<string>();
const MOST_REMEMBERED = 10_000;

/** A folder is only as durable as the entries that name it, from the root on; another writer may just have made it. */
function makeFolder(root: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (durableFolders.has(folder)) return;
  for (let at = folder; at !== root; at = dirname(at)) syncPath(dirname(at));
  if (durableFolders.size >= MOST_REMEMBERED) durableFolders.clear();
  durableFolders.add(folder);
}

function syncPath(path: string): void {
  withFile(path, fsyncSync);
}

function withFile(path: string, work: (file: number) => void): void {
  const file = openSync(path, "r");
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}
