import { randomUUID } from "node:crypto";
import { type Dirent, fstat, open as openNumbered } from "node:fs";
import { mkdir, open, opendir, readdir, readFile, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { isMainThread } from "node:worker_threads";
import pLimit from "p-limit";
import { checkKey } from "../key.ts";
import type { ObjectInfo, ObjectStore, StoredObject } from "../object-store.ts";
import type { ObjectFile, Room } from "../open-object.ts";
import { heldSource, wholeStream } from "../streams.ts";
import { told } from "../unavailable.ts";
import { GroupWriter } from "./group-writer.ts";
import { syncFolder } from "./sync-folder.ts";
import { type WritePlaces, writeGroups } from "./write-groups.ts";

/** Temporary files live here until they are whole; the leading dot keeps them out of every key. */
const UNFINISHED = ".unfinished";

/** No write takes so long, ms. */
const ABANDONED_MS = 3600_000;

/** Files that are removed at a time. */
const REMOVED_AT_ONCE = 16;

/** Objects as files below `root`. Durable: the file and the folder that names it are synced before put returns. */
export async function openFsObjectStore(folder: string): Promise<ObjectStore> {
  const root = resolve(folder);
  await mkdir(join(root, UNFINISHED), { recursive: true });
  await clearAbandoned(join(root, UNFINISHED));
  const pathOf = (key: string) => join(root, checkKey(key));
  const write = groupsWriter({ root, unfinished: join(root, UNFINISHED) });
  return {
    putGroups: (groups) =>
      told(async () => {
        for (const { key } of groups.flat()) checkKey(key);
        await write(groups);
      }),
    put: (key, bytes) => told(() => writeDurably(root, pathOf(key), bytes)),
    putStream: (key, source) => told(() => writeDurably(root, pathOf(key), heldSource(source))),
    get: (key) => told(() => unlessGone(root, unlessAbsent(readFile(pathOf(key))))),
    getStream: (key) => told(() => unlessGone(root, openStream(pathOf(key)))),
    open: (key, room) => told(() => unlessGone(root, openInRoom(pathOf(key), room))),
    info: (key) => told(() => unlessGone(root, infoOf(key, pathOf(key)))),
    async *list(prefix) {
      const folder = prefix.replace(/\/$/, "");
      const found = await told(() => unlessGone(root, unlessAbsent(stat(pathOf(folder)))));
      if (found !== undefined) yield* listBelow(root, folder);
    },
    delete: (keys) => told(() => removeDurably(root, keys.map(pathOf))),
    check: () => told(() => probe(root)),
  };
}

/** Groups are written by blocking calls: in a thread, unless this is one, whose messages there and back would cost more. */
function groupsWriter(places: WritePlaces): (groups: readonly (readonly StoredObject[])[]) => Promise<void> {
  if (!isMainThread) return async (groups) => writeGroups(places, groups);
  const writer = new GroupWriter(places);
  return (groups) => writer.write(groups);
}

/** Removes what killed processes left: it was never promised to anybody. Others may be writing beside it right now. */
async function clearAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await unlessAbsent(stat(path));
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
  }
}

async function writeDurably(root: string, path: string, content: Uint8Array | Readable): Promise<void> {
  const unfinished = join(root, UNFINISHED, randomUUID());
  const folder = dirname(path);
  try {
    await writeSynced(unfinished, content);
    await mkdir(folder, { recursive: true });
    await rename(unfinished, path);
  } catch (error) {
    // On a full disk what is left of the attempt would keep it full.
    await rm(unfinished, { force: true });
    if (!(content instanceof Uint8Array)) content.destroy();
    throw error;
  }
  await syncFolder(folder);
  await syncNames(root, folder);
}

async function writeSynced(path: string, content: Uint8Array | Readable): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes files, and makes that durable; those that are not there are fine. */
async function removeDurably(root: string, paths: readonly string[]): Promise<void> {
  const limit = pLimit(REMOVED_AT_ONCE);
  // A folder is where keys go on, no object of its own.
  const absent = [...ABSENT, "EISDIR"];
  const remove = (path: string) =>
    unlessAbsent(
      unlink(path).then(() => dirname(path)),
      absent,
    );
  const results = await Promise.allSettled(paths.map((path) => limit(remove, path)));
  const folders = results.map((result) => (result.status === "fulfilled" ? result.value : undefined));
  for (const folder of new Set(folders)) if (folder !== undefined) await syncFolder(folder);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  await stat(join(root, UNFINISHED));
}

/** A number, not a FileHandle: threads are given it. */
const openFile = promisify(openNumbered);
const statFile = promisify(fstat);

async function openInRoom(path: string, { memoryBytes }: Room): Promise<Buffer | ObjectFile | undefined> {
  const found = await unlessAbsent(stat(path));
  if (found === undefined) return undefined;
  if (found.size <= memoryBytes) return unlessAbsent(readFile(path));
  const descriptor = await unlessAbsent(openFile(path, "r"));
  return descriptor === undefined ? undefined : { descriptor, length: (await statFile(descriptor)).size };
}

async function openStream(path: string): Promise<Readable | undefined> {
  const file = await unlessAbsent(open(path, "r"));
  if (file === undefined) return undefined;
  const { size } = await file.stat();
  return wholeStream(file.createReadStream(), size);
}

/** Folders that this process knows to be durable themselves: syncing the entries that name them once is enough. */
const durableFolders = new Set<string>();
const MOST_REMEMBERED = 10_000;

/** A folder is only as durable as the entries that name it, from the root on; another writer may just have made it. */
async function syncNames(root: string, folder: string): Promise<void> {
  if (durableFolders.has(folder)) return;
  for (let at = folder; at !== root; at = dirname(at)) await syncFolder(dirname(at));
  if (durableFolders.size >= MOST_REMEMBERED) durableFolders.clear();
  durableFolders.add(folder);
}

async function infoOf(key: string, path: string): Promise<ObjectInfo | undefined> {
  const found = await unlessAbsent(stat(path));
  return found?.isFile() ? { key, size: found.size, modifiedAt: found.mtime } : undefined;
}

async function* listBelow(root: string, prefix: string): AsyncIterable<ObjectInfo> {
  const folder = await unlessAbsent(opendir(join(root, checkKey(prefix))));
  if (folder === undefined) return;
  for await (const entry of folder) yield* listEntry(root, `${prefix}/${entry.name}`, entry);
}

async function* listEntry(root: string, key: string, entry: Dirent): AsyncIterable<ObjectInfo> {
  if (entry.isDirectory()) yield* listBelow(root, key);
  else {
    const info = await infoOf(key, join(root, key));
    if (info !== undefined) yield info;
  }
}

async function probe(root: string): Promise<void> {
  const path = join(root, UNFINISHED, randomUUID());
  await (await open(path, "wx")).close();
  await rm(path);
}

/** A folder that is not there, or whose disk is not, has no object either, and is a store that is not there. */
async function unlessGone<T>(root: string, work: Promise<T | undefined>): Promise<T | undefined> {
  const found = await work;
  if (found === undefined) await stat(join(root, UNFINISHED));
  return found;
}

const ABSENT = ["ENOENT", "ENOTDIR"];

async function unlessAbsent<T>(work: Promise<T>, absent = ABSENT): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (absent.includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
