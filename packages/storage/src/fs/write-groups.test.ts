import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BLOCK_BYTES, blockMemory } from "../direct-io/index.ts";
import { openFsObjectStore } from "./index.ts";

let top = "";
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "mayday-groups-"));
});
afterAll(() => rm(top, { recursive: true, force: true }));

/** Around a block, around where direct writes begin, around what they copy at a time. */
const SIZES = [0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 100_000, 1_048_576, 1_048_577, 3_000_001];

/** Bytes in block memory, as the journal hands them on, so far behind a block. */
function inBlockMemory(bytes: Uint8Array, offset: number): Uint8Array {
  const memory = blockMemory(BLOCK_BYTES + offset + bytes.length, { shared: true });
  memory.set(bytes, BLOCK_BYTES + offset);
  return memory.subarray(BLOCK_BYTES + offset, BLOCK_BYTES + offset + bytes.length);
}

const places: Record<string, (bytes: Buffer) => Uint8Array> = {
  "at a block": (bytes) => inBlockMemory(bytes, 0),
  "elsewhere in memory that threads share": (bytes) => inBlockMemory(bytes, 7),
  "in memory that only looks as if it began at a block": (bytes) => {
    const memory = Buffer.from(new SharedArrayBuffer(Math.max(bytes.length, 1)));
    memory.set(bytes);
    return memory.subarray(0, bytes.length);
  },
  "in a thread's own memory": (bytes) => bytes,
};

describe("groups written to a file system", () => {
  it.each(Object.keys(places))("hold what was given, of any size, %s", async (where) => {
    const store = await openFsObjectStore(await mkdtemp(join(top, "store-")));
    const objects = SIZES.map((size) => ({ key: `v1/dump/${size}`, bytes: randomBytes(size) }));
    const group = objects.map(({ key, bytes }) => ({ key, bytes: places[where]!(bytes) }));
    await store.putGroups([group]);
    for (const { key, bytes } of objects) expect((await store.get(key))?.equals(bytes), key).toBe(true);
    // Again, shorter: replaced whole.
    const shorter = group.map(({ key, bytes }) => ({ key, bytes: bytes.subarray(0, bytes.length >> 1) }));
    await store.putGroups([shorter]);
    for (const { key, bytes } of objects) {
      expect((await store.get(key))?.equals(bytes.subarray(0, bytes.length >> 1)), key).toBe(true);
    }
  });
});
