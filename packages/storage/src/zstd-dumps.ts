import { pipeline, type Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, createZstdDecompress, zstdCompress, zstdDecompress } from "node:zlib";
import type { ObjectStore, StoredObject } from "./object-store.ts";
import { type OpenObject, type Room, readInto } from "./open-object.ts";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Dumps that are compressed have this behind their key. */
const SUFFIX = ".zst";
const LEVEL = 3;
/** No stored dump is larger. */
const MAX_DUMP_BYTES = 1024 * 1024 * 1024;

/** Objects of a crash or ping that are no dumps. */
const NO_DUMPS = ["v1/raw_crash/", "v1/dump_names/", "v1/processed_crash/", "v1/crash_ping/"];

/** A store that compresses the dumps that are put into it in groups; `readDump` reads them from any store. */
export function withZstdDumps(store: ObjectStore): ObjectStore {
  return {
    ...store,
    async putGroups(groups) {
      await store.putGroups(await Promise.all(groups.map((group) => Promise.all(group.map(compressed)))));
    },
  };
}

async function compressed({ key, bytes }: StoredObject): Promise<StoredObject> {
  if (NO_DUMPS.some((prefix) => key.startsWith(prefix))) return { key, bytes };
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL };
  return { key: `${key}${SUFFIX}`, bytes: await compress(Buffer.from(bytes), { params }) };
}

/** Where a dump may be. */
export function dumpKeys(key: string): [plain: string, compressed: string] {
  return [key, `${key}${SUFFIX}`];
}

/** A dump, compressed or not. The key tells: a dump may be zstd of its own. */
export async function readDump(store: ObjectStore, key: string): Promise<Buffer | undefined> {
  const [plainKey, compressedKey] = dumpKeys(key);
  const plain = await store.get(plainKey);
  if (plain !== undefined) return plain;
  const bytes = await store.get(compressedKey);
  return bytes === undefined ? undefined : decompress(bytes, { maxOutputLength: MAX_DUMP_BYTES });
}

/** As {@link readDump}; one for which there is no room in memory comes as an open file. */
export async function openDump(store: ObjectStore, key: string, room: Room): Promise<OpenObject | undefined> {
  const [plainKey, compressedKey] = dumpKeys(key);
  const plain = await store.open(plainKey, room);
  if (plain !== undefined) return plain;
  const compressed = await store.getStream(compressedKey);
  return compressed && readInto(room, decompressed(compressed));
}

/** A dump's bytes, however many. */
export async function streamDump(store: ObjectStore, key: string): Promise<Readable | undefined> {
  const [plainKey, compressedKey] = dumpKeys(key);
  const plain = await store.getStream(plainKey);
  if (plain !== undefined) return plain;
  const compressed = await store.getStream(compressedKey);
  return compressed && decompressed(compressed);
}

/** Its errors are the reader's to hear. */
function decompressed(source: Readable): Readable {
  return pipeline(source, createZstdDecompress(), () => undefined);
}
