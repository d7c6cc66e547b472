import { chmod, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectStoreConformance } from "../conformance.ts";
import { openFsObjectStore } from "./index.ts";

let top = "";
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "mayday-fs-"));
});
afterAll(() => rm(top, { recursive: true, force: true }));
const freshRoot = () => mkdtemp(join(top, "store-"));

objectStoreConformance("fs", {
  open: async () => openFsObjectStore(await freshRoot()),
  async openNowhere() {
    const root = await freshRoot();
    const store = await openFsObjectStore(root);
    await rm(root, { recursive: true });
    return store;
  },
});

describe("fs", () => {
  it("clears what a killed process left, and nothing that another may be writing", async () => {
    const root = await freshRoot();
    await openFsObjectStore(root);
    const old = join(root, ".unfinished", "old");
    await writeFile(old, "half a dump");
    await utimes(old, 0, 0);
    await writeFile(join(root, ".unfinished", "new"), "half a dump");
    await openFsObjectStore(root);
    expect(await readdir(join(root, ".unfinished"))).toEqual(["new"]);
  });

  it("writes nothing of groups when it cannot make one of their folders", async () => {
    const root = await freshRoot();
    const store = await openFsObjectStore(root);
    await store.put("v1/file", Buffer.from("a file, no folder"));
    const group = (id: string) => [
      { key: `v1/dump/${id}`, bytes: Buffer.from(id) },
      { key: `v1/raw/${id}`, bytes: Buffer.from(id) },
    ];
    const bad = [
      { key: "v1/dump/d", bytes: Buffer.from("d") },
      { key: "v1/file/d", bytes: Buffer.from("d") },
    ];
    for (const groups of [
      [group("a"), bad],
      [group("a"), group("b"), group("c"), group("e"), group("f"), group("g"), bad],
    ]) {
      await expect(store.putGroups(groups)).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
      expect(await Array.fromAsync(store.list("v1/dump/"))).toEqual([]);
      expect(await Array.fromAsync(store.list("v1/raw/"))).toEqual([]);
      expect(await readdir(join(root, ".unfinished"))).toEqual([]);
    }
  });

  it("says that the store is unavailable when its disk is not there: only the empty folder is", async () => {
    const root = await freshRoot();
    const store = await openFsObjectStore(root);
    await rm(join(root, ".unfinished"), { recursive: true });
    await expect(store.get("v1/a")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });

  it.skipIf(process.getuid?.() === 0)("says so when it may not write (skipped: root may)", async () => {
    const root = await freshRoot();
    const store = await openFsObjectStore(root);
    await chmod(join(root, ".unfinished"), 0o500);
    await expect(store.check()).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });
});
