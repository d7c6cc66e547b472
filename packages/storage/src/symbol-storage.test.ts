import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { openFsObjectStore } from "./fs/index.ts";
import { createSymbolStorage } from "./symbol-storage.ts";

const folder = await mkdtemp(join(tmpdir(), "mayday-symbols-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const store = await openFsObjectStore(folder);
const storage = createSymbolStorage(store);
const key = (debugId: string) => ({ debugFile: "a.pdb", debugId, symbolFile: "a.sym" });

describe("the storage of symbols", () => {
  it("finds a file by its id in any case", async () => {
    await storage.putGzipped(key("abcdef1"), Buffer.from("x"));
    expect(await storage.objectKey(key("AbcDef1"))).toBe("v1/a.pdb/ABCDEF1/a.sym");
    expect(await storage.getGzipped(key("abcdef1"))).toEqual(Buffer.from("x"));
  });

  it("finds what was kept with the age in small letters", async () => {
    const id = `${"A".repeat(32)}1f`;
    await store.put(`v1/a.pdb/${id}/a.sym`, Buffer.from("y"));
    expect([await storage.has(key(id)), await storage.size(key(id.toUpperCase()))]).toEqual([true, 1]);
  });

  it("keeps those of try builds apart", async () => {
    const tried = createSymbolStorage(store, "try/v1");
    await tried.putStream(key("BB"), Readable.from([Buffer.from("tr"), Buffer.from("y")]));
    expect(await storage.has(key("BB"))).toBe(false);
    const stream = await tried.getStream(key("bb"));
    expect(stream && (await buffer(stream)).toString()).toBe("try");
  });
});
