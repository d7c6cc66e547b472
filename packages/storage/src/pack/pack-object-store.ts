import { existsSync } from "node:fs";
import { mkdir, open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openFsObjectStore } from "../fs/index.ts";
import { checkKey } from "../key.ts";
import type { StoredObject } from "../object-store.ts";
import type { PackingStore } from "../packing-store.ts";
import { told } from "../unavailable.ts";
import { type FoundObject, PackIndex } from "./pack-index.ts";
import { PACK_SUFFIX, PackWriter } from "./pack-writer.ts";
import { readAt } from "./read-at.ts";
import { scanPack } from "./scan-pack.ts";

/** Packs and their index live here; the leading dot keeps them out of every key. */
const PACKS = ".packs";
const INDEX = "index.sqlite";

/** Whether there are packs in the folder of a store. */
export function hasPacks(folder: string): boolean {
  return existsSync(join(folder, PACKS));
}

/**
 * Objects below `folder`: groups of them in packs, single ones as files, as the file system's store has them. A file for
 * each of a report's objects is what a report costs a file system most, and none is needed to find it. A key that is in a
 * pack stays in packs, whoever replaces it; one that is in both is the pack's.
 * @param groupsIn where new groups go: `files` reads packs and adds none
 */
export async function openPackObjectStore(
  folder: string,
  { groupsIn = "packs" }: { groupsIn?: "packs" | "files" } = {},
): Promise<PackingStore> {
  const root = resolve(folder);
  const packs = join(root, PACKS);
  const files = await openFsObjectStore(root);
  await mkdir(packs, { recursive: true });
  const index = await told(() => openIndex(packs));
  const writer = new PackWriter(packs);
  const isPacked = (key: string) => index.find(key) !== undefined;
  /** Appends, and lets be found. Whatever the clock did meanwhile, what is replaced is older. */
  async function putPacked(objects: readonly StoredObject[]): Promise<void> {
    const earlier = objects.map(({ key }) => index.find(key)?.modifiedAt.getTime() ?? 0);
    const latest = earlier.reduce((a, b) => Math.max(a, b), 0);
    index.add([await writer.append(objects, latest)]);
  }
  return {
    append: (objects) =>
      told(async () => {
        for (const { key } of objects) checkKey(key);
        return writer.append(objects);
      }),
    show: (batches) => index.add(batches),
    close: () => writer.close(),
    putGroups: (groups) =>
      told(async () => {
        for (const { key } of groups.flat()) checkKey(key);
        const belongsInPacks = (group: readonly StoredObject[]) =>
          groupsIn === "packs" || group.some(({ key }) => isPacked(key));
        const { toPacks = [], toFiles = [] } = Object.groupBy(groups, (group) =>
          belongsInPacks(group) ? "toPacks" : "toFiles",
        );
        if (toPacks.length > 0) await putPacked(toPacks.flat());
        if (toFiles.length > 0) await files.putGroups(toFiles);
      }),
    put: (key, bytes) =>
      told(async () => {
        if (isPacked(checkKey(key))) await putPacked([{ key, bytes }]);
        else await files.put(key, bytes);
      }),
    get: (key) =>
      told(async () => {
        const found = index.find(key);
        return found === undefined ? files.get(key) : read(join(packs, found.pack), found);
      }),
    info: (key) => told(async () => index.find(key) ?? files.info(key)),
    async *list(prefix) {
      for (let last = prefix; ; ) {
        const page = await told(async () => index.page(prefix, last));
        yield* page;
        const end = page.at(-1)?.key;
        if (end === undefined) break;
        last = end;
      }
      for await (const info of files.list(prefix)) if (!isPacked(info.key)) yield info;
    },
    check: () =>
      told(async () => {
        await files.check();
        index.find("");
      }),
  };
}

/** Opens the index, with all that stands in packs and not in it yet: a process died, or it is new. */
async function openIndex(packs: string): Promise<PackIndex> {
  const index = new PackIndex(join(packs, INDEX));
  for (const pack of await readdir(packs)) {
    if (!pack.endsWith(PACK_SUFFIX)) continue;
    const path = join(packs, pack);
    const from = index.indexedTo(pack);
    if ((await stat(path)).size === from) continue;
    for await (const batch of scanPack(path, from)) index.add([batch]);
  }
  return index;
}

async function read(path: string, { at, size }: FoundObject): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const bytes = await readAt(file, at, size);
    if (bytes.length < size) throw new Error("a pack ends before its object does");
    return bytes;
  } finally {
    await file.close();
  }
}
