import type { ObjectInfo, ObjectStore } from "./object-store.ts";
import type { SymbolTree } from "./symbol-storage.ts";
import { usedName, usedSince } from "./used-symbols.ts";

/** Files that are decided about together. */
const AT_ONCE = 400;
const PARTS = 3;

/** What of the symbol store expiry works with. */
type SymbolObjects = Pick<ObjectStore, "list" | "get" | "delete">;

/** A file of the symbol store that is too old to be kept. */
export interface ExpiredSymbols {
  readonly tree: SymbolTree;
  readonly debugFile: string;
  readonly debugId: string;
  readonly key: string;
  /** As stored. */
  readonly bytes: number;
  /** What still wants it, for which it is kept. */
  readonly keptFor?: "use" | "crash";
}

export interface SymbolExpiry {
  readonly tree: SymbolTree;
  /** Files that were stored and last asked for before that are expired, ms since 1970. */
  readonly before: number;
  /** Of these debug ids, those of modules that a kept crash needs; absent where no crash keeps symbols. */
  readonly neededByCrashes?: (debugIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Whether files are only told. */
  readonly isDryRun?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Removes the files of a tree that are too old and not in use, with the symcaches beside symbol files, and tells of each:
 * also of those that are old and kept. Who stops it and begins anew goes on: what is removed is not listed again.
 */
export async function* expireSymbols(
  store: SymbolObjects,
  expiry: SymbolExpiry,
): AsyncIterable<ExpiredSymbols> {
  let old: ExpiredSymbols[] = [];
  // Read when the first file is old, and once: there may be many notes, and many files.
  let used: Promise<ReadonlySet<string>> | undefined;
  const expireOld = async function* () {
    if (old.length === 0) return;
    used ??= usedSince(store, expiry.before);
    yield* expire(old, await used, store, expiry);
    old = [];
  };
  for await (const object of store.list(`${expiry.tree}/`)) {
    if (expiry.signal?.aborted) return;
    const found = object.modifiedAt.getTime() < expiry.before ? fileOf(object, expiry.tree) : undefined;
    if (found !== undefined) old.push(found);
    if (old.length < AT_ONCE) continue;
    yield* expireOld();
  }
  if (!expiry.signal?.aborted) yield* expireOld();
}

function fileOf({ key, size }: ObjectInfo, tree: SymbolTree): ExpiredSymbols | undefined {
  const parts = key.slice(tree.length + 1).split("/");
  const [debugFile = "", debugId = ""] = parts;
  return parts.length === PARTS ? { tree, debugFile, debugId, key, bytes: size } : undefined;
}

async function* expire(
  files: readonly ExpiredSymbols[],
  used: ReadonlySet<string>,
  store: SymbolObjects,
  { neededByCrashes, isDryRun }: SymbolExpiry,
): AsyncIterable<ExpiredSymbols> {
  const unused = files.filter((file) => !used.has(usedName(file)));
  const ids = [...new Set(unused.map(({ debugId }) => debugId.toUpperCase()))];
  const needed = await neededByCrashes?.(ids);
  for (const file of files) if (used.has(usedName(file))) yield { ...file, keptFor: "use" };
  const removed: ExpiredSymbols[] = [];
  for (const file of unused) {
    if (needed?.has(file.debugId.toUpperCase())) yield { ...file, keptFor: "crash" };
    else removed.push(file);
  }
  if (!isDryRun && removed.length > 0) await store.delete(removed.flatMap(keysOf));
  yield* removed;
}

/** What goes with a file: the symcache of a symbol file. */
function keysOf({ key }: ExpiredSymbols): string[] {
  return key.endsWith(".sym") ? [key, key.replace(/\.sym$/, ".symcache")] : [key];
}
