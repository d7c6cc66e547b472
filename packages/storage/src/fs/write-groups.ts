import { randomUUID } from "node:crypto";
import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { canSyncFileSystems, DIRECT, syncFileSystem } from "../direct-io/index.ts";
import { checkKey } from "../key.ts";
import type { StoredObject } from "../object-store.ts";
import { canWriteDirectly, DIRECT_FROM, writeAllSync, writeBlocks } from "./write-direct.ts";

/** What a batch is written with. */
export interface WriteParts {
  readonly root: string;
  /** Folder of the temporary names, on the same file system. */
  readonly unfinished: string;
}

/** From so many objects on one sync of the whole file system costs less than a sync of every file and folder. */
const SYNC_ALL_FROM = 12;

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

const prefix = randomUUID();
let count = 0;

/** Whether the file system takes direct writes: found out once. */
let writesDirectly: boolean | undefined;

/**
 * Writes many objects below `root` for few syncs: all are written, then made durable together, then those with temporary
 * names are named in their order, then the names are made durable together. Temporary names are for the last object of each
 * group and for what replaces something; the others show as they are written, and nobody looks for them before the last.
 * Blocks; runs in a thread of its own.
 */
export function writeGroups(
  { root, unfinished }: WriteParts,
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
  const together = canSyncFileSystems && objects.length >= SYNC_ALL_FROM;
  const nextTemporary = () => join(unfinished, `${prefix}-${count++}`);
  writesDirectly ??= canWriteDirectly(nextTemporary());
  const ways = { durably: !together, directly: writesDirectly };
  /** Written under their own names, and under temporary ones. */
  const named: string[] = [];
  const unnamed: { path: string; temporary: string }[] = [];
  try {
    for (const folder of folders) makeFolder(root, folder);
    for (const { path, bytes, isLast } of objects) {
      if (!isLast && writeNew(path, bytes, ways)) {
        named.push(path);
        continue;
      }
      const temporary = nextTemporary();
      unnamed.push({ path, temporary });
      write(temporary, bytes, ways);
    }
    if (together) withFile(root, syncFileSystem);
  } catch (error) {
    // On a full disk what is left of the attempt would keep it full.
    for (const path of [...named, ...unnamed.map(({ temporary }) => temporary)])
      rmSync(path, { force: true });
    throw error;
  }
  for (const { path, temporary } of unnamed) renameSync(temporary, path);
  // The sync of all has made the other names durable; one more would hold up whoever else waits for the disk.
  const unsynced = together ? unnamed.map(({ path }) => dirname(path)) : folders;
  for (const folder of new Set(unsynced)) syncPath(folder);
}

/** Writes a file that is not there yet; false when it is. */
function writeNew(path: string, bytes: Uint8Array, ways: Ways): boolean {
  try {
    write(path, bytes, ways);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    rmSync(path, { force: true });
    throw error;
  }
}

/** How a file is written. */
interface Ways {
  readonly durably: boolean;
  /** Past the page cache, where it is large. */
  readonly directly: boolean;
}

function write(path: string, bytes: Uint8Array, { durably, directly }: Ways): void {
  const isDirect = directly && bytes.length >= DIRECT_FROM;
  const file = openSync(path, NEW_FILE | (isDirect ? DIRECT : 0));
  try {
    const written = isDirect ? writeBlocks(file, bytes) : 0;
    if (!isDirect) writeAllSync(file, bytes, 0);
    else if (written < bytes.length) writeEnd(path, bytes.subarray(written), written);
    if (durably) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeEnd(path: string, bytes: Uint8Array, at: number): void {
  const file = openSync(path, constants.O_WRONLY);
  try {
    writeAllSync(file, bytes, at);
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
