import { existsSync } from "node:fs";
import { mkdir, open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openFsObjectStore } from "../fs/index.ts";
import { checkKey } from "../key.ts";
import type { ObjectInfo, StoredObject } from "../object-store.ts";
import type { PackingStore } from "../packing-store.ts";
import { told } from "../unavailable.ts";
import { type FoundObject, PackIndex } from "./pack-index.ts";
import { PACK_SUFFIX, PackWriter } from "./pack-writer.ts";
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
  const append = (objects: readonly StoredObject[]) =>
    told(async () => {
      for (const { key } of objects) checkKey(key);
      return writer.append(objects);
    });
  /** As `append`, and found at once. Whatever the clock did meanwhile, what is replaced is older. */
  async function putPacked(objects: readonly StoredObject[]): Promise<void> {
    const earlier = objects.map(({ key }) => index.find(key)?.modifiedAt.getTime() ?? 0);
    index.add([
      await writer.append(
        objects,
        earlier.reduce((a, b) => Math.max(a, b), 0),
      ),
    ]);
  }
  const isPacked = (objects: readonly StoredObject[]) =>
    objects.some(({ key }) => index.find(key) !== undefined);
  return {
    append,
    show: (batches) => index.add(batches),
    close: () => writer.close(),
    putGroups: (groups) =>
      told(async () => {
        for (const { key } of groups.flat()) checkKey(key);
        const toPacks = groups.filter((group) => groupsIn === "packs" || isPacked(group));
        if (toPacks.length > 0) await putPacked(toPacks.flat());
        if (toPacks.length < groups.length)
          await files.putGroups(groups.filter((group) => !toPacks.includes(group)));
      }),
    put: (key, bytes) =>
      told(async () => {
        if (isPacked([{ key: checkKey(key), bytes }])) await putPacked([{ key, bytes }]);
        else await files.put(key, bytes);
      }),
    get: (key) =>
      told(async () => {
        const found = index.find(key);
        return found === undefined ? files.get(key) : read(join(packs, found.pack), found);
      }),
    info: (key) => told(async () => infoOf(index.find(key)) ?? files.info(key)),
    async *list(prefix) {
      for (let last = prefix; ; ) {
        const page = await told(async () => index.page(prefix, last));
        for (const found of page) yield infoOf(found) as ObjectInfo;
        const end = page.at(-1)?.key;
        if (end === undefined) break;
        last = end;
      }
      for await (const info of files.list(prefix)) if (index.find(info.key) === undefined) yield info;
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

function infoOf(found: FoundObject | undefined): ObjectInfo | undefined {
  return found && { key: found.key, size: found.size, modifiedAt: found.modifiedAt };
}

async function read(path: string, { at, size }: FoundObject): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  const file = await open(path, "r");
  try {
    for (let from = 0; from < size; ) {
      const { bytesRead } = await file.read(bytes, from, size - from, at + from);
      if (bytesRead === 0) throw new Error("a pack ends before its object does");
      from += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
