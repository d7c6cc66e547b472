import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkKey } from "../key.ts";
import type { StoredObject } from "../object-store.ts";

/** From so many objects on one sync of the whole file system costs less than a sync of every file and folder. */
const SYNC_ALL_FROM = 12;

const prefix = randomUUID();
let count = 0;

/**
 * Writes many objects below `root` for few syncs: all are written, then made durable together, then those with temporary
 * names are named in their order, then the names are made durable together. Temporary names are for the last object of each
 * group and for what replaces something; the others show as they are written, and nobody looks for them before the last.
 * Blocks; runs in a thread of its own.
 * @param unfinished folder of the temporary names, on the same file system
 */
export function writeGroups(
  root: string,
  unfinished: string,
  groups: readonly (readonly StoredObject[])[],
): void {
  const objects = groups.flatMap((group) =>
    group.map(({ key, bytes }, index) => ({
      path: join(root, checkKey(key)),
      bytes,
      isLast: index === group.length - 1,
    })),
  );
  const folders = new Set(objects.map(({ path }) => dirname(path)));
  const together = objects.length >= SYNC_ALL_FROM && syncsAll(root);
  /** Written under their own names, and under temporary ones. */
  const named: string[] = [];
  const unnamed: { path: string; temporary: string }[] = [];
  try {
    for (const folder of folders) makeFolder(root, folder);
    for (const { path, bytes, isLast } of objects) {
      if (!isLast && writeNew(path, bytes, !together)) {
        named.push(path);
        continue;
      }
      const temporary = join(unfinished, `${prefix}-${count++}`);
      unnamed.push({ path, temporary });
      write(temporary, bytes, !together);
    }
    if (together) syncAll(root);
  } catch (error) {
    // On a full disk what is left of the attempt would keep it full.
    for (const path of [...named, ...unnamed.map(({ temporary }) => temporary)])
      rmSync(path, { force: true });
    throw error;
  }
  for (const { path, temporary } of unnamed) renameSync(temporary, path);
  if (together) syncAll(root);
  else for (const folder of folders) syncPath(folder);
}

/** Writes a file that is not there yet; false when it is. */
function writeNew(path: string, bytes: Uint8Array, durably: boolean): boolean {
  try {
    write(path, bytes, durably);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    rmSync(path, { force: true });
    throw error;
  }
}

function write(path: string, bytes: Uint8Array, durably: boolean): void {
  const file = openSync(path, "wx");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    if (durably) fsyncSync(file);
  } finally {
    closeSync(file);
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
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

let canSyncAll: boolean | undefined;

/** Whether this machine's `sync` knows single file systems (GNU coreutils): Node has no call for it. */
function syncsAll(root: string): boolean {
  canSyncAll ??= spawnSync("sync", ["-f", root], { stdio: "ignore" }).status === 0;
  return canSyncAll;
}

function syncAll(root: string): void {
  const { status, error } = spawnSync("sync", ["-f", root], { stdio: "ignore" });
  if (status !== 0) throw error ?? new Error(`sync -f ended with ${status}`);
}
