import { hash, randomBytes } from "node:crypto";
import { appendFile, type FileHandle, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { objectStoreConformance } from "../conformance.ts";
import { blockMemory } from "../direct-io/index.ts";
import { openFsObjectStore } from "../fs/index.ts";
import type { ObjectStore, StoredObject } from "../object-store.ts";
import { openPackObjectStore } from "./index.ts";

let top = "";
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "mayday-pack-"));
});
afterAll(() => rm(top, { recursive: true, force: true }));
const freshRoot = () => mkdtemp(join(top, "store-"));
const sum = (bytes: Uint8Array) => hash("sha256", bytes);

for (const [name, groupsIn] of [
  ["pack", "packs"],
  ["files beside packs", "files"],
] as const) {
  objectStoreConformance(name, {
    open: async () => openPackObjectStore(await freshRoot(), { groupsIn }),
    async openNowhere() {
      const root = await freshRoot();
      const store = await openPackObjectStore(root, { groupsIn });
      await rm(root, { recursive: true });
      return store;
    },
  });
}

const MEMORY_BYTES = 12 * 1024 * 1024;

/** A report's objects as a mover has them: the dump stands in `memory`, at a block. */
function report(id: string, dumpBytes: number, memory = blockMemory(MEMORY_BYTES, { shared: true })) {
  const dump = memory.subarray(4096, 4096 + dumpBytes);
  dump.fill(randomBytes(dumpBytes));
  return [
    { key: `v1/dump/${id}`, bytes: dump, sha256: sum(Buffer.from(dump)) },
    { key: `v1/dump_names/${id}`, bytes: Buffer.from('["upload_file_minidump"]') },
    { key: `v1/raw_crash/20261128/${id}`, bytes: Buffer.from(`{"uuid":"${id}"}`) },
  ];
}

async function expectThere(store: ObjectStore, objects: readonly StoredObject[]): Promise<void> {
  for (const { key, bytes } of objects) {
    const found = await store.get(key);
    expect(found === undefined ? undefined : sum(found), key).toBe(sum(Buffer.from(bytes)));
    expect((await store.info(key))?.size).toBe(bytes.length);
  }
}

async function packsOf(root: string): Promise<string[]> {
  const names = await readdir(join(root, ".packs"));
  return names.filter((name) => name.endsWith(".pack")).map((name) => join(root, ".packs", name));
}

async function removeIndex(root: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"])
    await rm(join(root, ".packs", `index.sqlite${end}`), { force: true });
}

describe("packs", () => {
  it.each([64 * 1024, 100_000, 9_000_001])(
    "hold dumps of %i bytes at a block of memory, behind one, and elsewhere",
    async (size) => {
      const store = await openPackObjectStore(await freshRoot());
      const own = () => blockMemory(MEMORY_BYTES);
      const groups = [
        report("a", size),
        report("b", size, own()),
        ...[1, 123, 4000, 4095].map((offset) => report(`b${offset}`, size, own().subarray(offset))),
        report("c", size),
      ];
      const elsewhere = report("d", size).map((object) => ({ ...object, bytes: Buffer.from(object.bytes) }));
      await store.putGroups([...groups, elsewhere]);
      await expectThere(store, [...groups.flat(), ...elsewhere]);
    },
  );

  it("hold a batch of more pieces than a system writes at a time", async () => {
    const store = await openPackObjectStore(await freshRoot());
    const memory = blockMemory(MEMORY_BYTES, { shared: true });
    const groups = Array.from({ length: 1500 }, (_, index) => {
      const [dump, ...others] = report(String(index), 70_000, memory.subarray(4096 * (index % 1000)));
      return [{ key: dump!.key, bytes: dump!.bytes }, ...others];
    });
    await store.putGroups(groups);
    // All dumps share the memory: it is as the last ones left it.
    await expectThere(store, groups.flat());
  });

  it("hold what stands in shared memory that does not begin at a block", async () => {
    const store = await openPackObjectStore(await freshRoot());
    const odd = Buffer.from(new SharedArrayBuffer(MEMORY_BYTES));
    const groups = [report("a", 100_000, odd), report("b", 100_000)];
    await store.putGroups(groups);
    await store.putGroups(groups);
    await expectThere(store, groups.flat());
  });

  it("need one file for many batches", async () => {
    const root = await freshRoot();
    const store = await openPackObjectStore(root);
    for (const id of ["a", "b", "c"]) await store.putGroups([report(id, 70_000)]);
    await Promise.all(["d", "e", "f"].map((id) => store.putGroups([report(id, 70_000)])));
    expect(await packsOf(root)).toHaveLength(1);
    expect((await Array.fromAsync(store.list("v1/raw_crash/"))).map(({ key }) => key.at(-1)).sort()).toEqual([
      ..."abcdef",
    ]);
  });

  it("stand beside the files that the file system's store left, and count where both have a key", async () => {
    const root = await freshRoot();
    const files = await openFsObjectStore(root);
    await files.put("v1/dump/old", Buffer.from("in a file"));
    await files.put("v1/dump/a", Buffer.from("in a file"));
    const store = await openPackObjectStore(root);
    await store.putGroups([[{ key: "v1/dump/a", bytes: Buffer.from("in a pack") }]]);
    await store.put("v1/dump/new", Buffer.from("in a file"));
    const found = await Array.fromAsync(store.list("v1/dump/"));
    expect(found.map(({ key }) => key).sort()).toEqual(["v1/dump/a", "v1/dump/new", "v1/dump/old"]);
    expect(String(await store.get("v1/dump/a"))).toBe("in a pack");
    expect(String(await files.get("v1/dump/new"))).toBe("in a file");
  });

  it("are read by a store that makes files, which replaces what is in them there", async () => {
    const root = await freshRoot();
    await (await openPackObjectStore(root)).putGroups([report("a", 70_000)]);
    const store = await openPackObjectStore(root, { groupsIn: "files" });
    const [again, other] = [report("a", 80_000), report("b", 70_000)];
    await store.putGroups([again, other]);
    await expectThere(store, [...again, ...other]);
    await expectThere(await openFsObjectStore(root), other);
    await expectThere(await openPackObjectStore(root), [...again, ...other]);
  });

  it("give back what was put last, whatever the clock did", async () => {
    const store = await openPackObjectStore(await freshRoot());
    await store.putGroups([[{ key: "v1/a", bytes: Buffer.from("first") }]]);
    vi.setSystemTime(Date.now() - 3600_000);
    await store.put("v1/a", Buffer.from("second"));
    await store.putGroups([[{ key: "v1/a", bytes: Buffer.from("third") }]]);
    vi.useRealTimers();
    expect(String(await store.get("v1/a"))).toBe("third");
  });

  it("are seen by other processes' stores as soon as they are there", async () => {
    const root = await freshRoot();
    const [writer, reader] = [await openPackObjectStore(root), await openPackObjectStore(root)];
    const objects = report("a", 70_000);
    expect(await reader.get(objects[0]!.key)).toBeUndefined();
    await writer.putGroups([objects]);
    await expectThere(reader, objects);
    await reader.putGroups([report("b", 70_000)]);
    expect(await packsOf(root)).toHaveLength(2);
  });
});

describe("an index that is gone", () => {
  it("is built anew from the packs, the newest version of each object counting", async () => {
    const root = await freshRoot();
    const first = await openPackObjectStore(root);
    await first.putGroups([report("a", 70_000), report("b", 70_000)]);
    await new Promise((done) => setTimeout(done, 5));
    const newest = report("a", 80_000);
    // Another process's pack.
    await (await openPackObjectStore(root)).putGroups([newest]);
    await first.put("v1/dump_names/b", Buffer.from("replaced"));
    await removeIndex(root);
    const store = await openPackObjectStore(root);
    await expectThere(store, newest);
    expect(String(await store.get("v1/dump_names/b"))).toBe("replaced");
    expect(await Array.fromAsync(store.list("v1/"))).toHaveLength(6);
  });

  it.each<[string, (file: FileHandle, size: number) => Promise<unknown>]>([
    ["ends within its last batch", (file, size) => file.truncate(size - 4096)],
    ["has zeros for its last dump", (file, size) => file.write(Buffer.alloc(4096), 0, 4096, size - 8192)],
    [
      "has a damaged directory in its last batch",
      (file, size) => file.write(Buffer.from("!"), 0, 1, size / 2 + 40),
    ],
  ])("leaves out what was promised to nobody: a pack that %s", async (_, damage) => {
    const root = await freshRoot();
    const store = await openPackObjectStore(root);
    const good = report("a", 70_000);
    await store.putGroups([good]);
    await store.putGroups([report("b", 70_000)]);
    const [pack] = await packsOf(root);
    const file = await open(pack!, "r+");
    await damage(file, (await file.stat()).size);
    await file.close();
    await removeIndex(root);
    const again = await openPackObjectStore(root);
    await expectThere(again, good);
    expect(await again.get("v1/dump/b")).toBeUndefined();
  });

  it("takes no harm from files that are no packs", async () => {
    const root = await freshRoot();
    await openPackObjectStore(root);
    await appendFile(join(root, ".packs", "x.pack"), randomBytes(10_000));
    await appendFile(join(root, ".packs", "empty.pack"), "");
    await removeIndex(root);
    const store = await openPackObjectStore(root);
    expect(await Array.fromAsync(store.list("v1/"))).toEqual([]);
  });
});
