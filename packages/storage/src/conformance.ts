import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ObjectStore } from "./object-store.ts";
import { closeObject, type ObjectFile } from "./open-object.ts";

/** A store under test. */
export interface ConformingStore {
  /** Opens an empty one. */
  open(): Promise<ObjectStore>;
  /** Opens one whose place (the folder, the bucket) is not there, or no more. */
  openNowhere(): Promise<ObjectStore>;
}

const MIB = 1024 * 1024;

/** So many MiB, each filled with its number; ends by an error instead where `failsAt` says so. */
async function* mebibytes(count: number, failsAt?: number): AsyncIterable<Buffer> {
  for (let index = 0; index < count; index++) {
    if (index === failsAt) throw new Error("the source broke");
    yield Buffer.alloc(MIB, index);
  }
}

async function digestOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const digest = createHash("sha256");
  for await (const piece of source) digest.update(piece);
  return digest.digest("hex");
}

/** What every object store must do. */
export function objectStoreConformance(name: string, { open, openNowhere }: ConformingStore): void {
  describe(`${name} as an object store`, () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "mayday-copies-"));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it("gives back the bytes it was given", async () => {
      const store = await open();
      await store.put("v1/a/b", Buffer.from([0, 255, 10]));
      expect(await store.get("v1/a/b")).toEqual(Buffer.from([0, 255, 10]));
    });

    it("answers undefined for a key it never saw", async () => {
      const store = await open();
      expect(await store.get("v1/a/b")).toBeUndefined();
      expect(await store.info("v1/a/b")).toBeUndefined();
    });

    it("answers undefined below a key that is an object", async () => {
      const store = await open();
      await store.put("v1/a", Buffer.from("x"));
      expect(await store.get("v1/a/b")).toBeUndefined();
    });

    it("keeps objects under keys of all characters that may stand in one", async () => {
      const store = await open();
      const keys = [
        "v1/my app+(1)!'*~,;=@$&/ü☃ 100%25.pdb/a?b#c",
        "v1/my app+(1)!'*~,;=@$&/ü☃ 100%25.pdb/[d]",
      ];
      for (const key of keys) await store.put(key, Buffer.from(key));
      for (const key of keys) expect((await store.get(key))?.toString()).toBe(key);
      const found = await Array.fromAsync(store.list(keys[0]!.slice(0, -"a?b#c".length)));
      expect(found.map(({ key }) => key).sort()).toEqual(keys.toSorted());
    });

    it("replaces an object whole", async () => {
      const store = await open();
      await store.put("v1/a", Buffer.from("a long first value"));
      await store.put("v1/a", Buffer.from("short"));
      expect((await store.get("v1/a"))?.toString()).toBe("short");
      expect((await store.info("v1/a"))?.size).toBe(5);
    });

    it("keeps an empty object", async () => {
      const store = await open();
      await store.put("v1/empty", new Uint8Array());
      expect(await store.get("v1/empty")).toEqual(Buffer.alloc(0));
    });

    it("lists what is below a prefix and nothing beside it", async () => {
      const store = await open();
      for (const key of ["v1/day/1", "v1/day/2", "v1/day/deep/3", "v1/day2/4"]) {
        await store.put(key, Buffer.from(key));
      }
      const found = await Array.fromAsync(store.list("v1/day/"));
      expect(found.map(({ key }) => key).sort()).toEqual(["v1/day/1", "v1/day/2", "v1/day/deep/3"]);
      expect(await Array.fromAsync(store.list("v1/none/"))).toEqual([]);
    });

    it("lists more objects than a server tells at a time", async () => {
      const store = await open();
      const keys = Array.from({ length: 1100 }, (_, index) => `v1/many/${index}`);
      await store.putGroups(keys.map((key) => [{ key, bytes: Buffer.from("x") }]));
      const found = await Array.fromAsync(store.list("v1/many/"));
      expect(found.map(({ key }) => key).sort()).toEqual(keys.sort());
    });

    it("stores groups of objects, new ones and ones to replace", async () => {
      const store = await open();
      await store.put("v1/g/0/last", Buffer.from("old"));
      const groups = Array.from({ length: 20 }, (_, group) => [
        { key: `v1/g/${group}/first`, bytes: Buffer.from(`first ${group}`) },
        { key: `v1/g/${group}/last`, bytes: Buffer.from(`last ${group}`) },
      ]);
      await store.putGroups(groups);
      await store.putGroups([]);
      for (const { key, bytes } of groups.flat()) expect(await store.get(key)).toEqual(bytes);
    });

    it("shows the last object of a group only when the others are there", async () => {
      const store = await open();
      const group = Array.from({ length: 40 }, (_, index) => ({
        key: `v1/h/${index}`,
        bytes: Buffer.alloc(10_000, index),
      }));
      let stored = false;
      const putting = store.putGroups([group]).finally(() => {
        stored = true;
      });
      while (!stored) {
        if ((await store.info("v1/h/39")) === undefined) continue;
        for (const { key } of group) expect((await store.info(key))?.size).toBe(10_000);
        break;
      }
      await putting;
    });

    it("removes objects and nothing beside them, and does not mind those that are not there", async () => {
      const store = await open();
      for (const key of ["v1/r/a", "v1/r/a2", "v1/r/b/c", "v1/r2"]) await store.put(key, Buffer.from(key));
      await store.delete(["v1/r/a", "v1/r/b", "v1/r/never", "v1/r/a/below", "v1/none/x"]);
      const left = await Array.fromAsync(store.list("v1/"));
      expect(left.map(({ key }) => key).sort()).toEqual(["v1/r/a2", "v1/r/b/c", "v1/r2"]);
      expect(await store.get("v1/r/a")).toBeUndefined();
      await store.delete(["v1/r/a"]);
      await store.put("v1/r/a", Buffer.from("again"));
      expect((await store.get("v1/r/a"))?.toString()).toBe("again");
    });

    it("removes nothing when it is given no keys", async () => {
      const store = await open();
      await store.put("v1/a", Buffer.from("x"));
      await store.delete([]);
      expect(await store.get("v1/a")).toBeDefined();
    });

    it("removes more objects than a request may name", { timeout: 60_000 }, async () => {
      const store = await open();
      const keys = Array.from({ length: 2500 }, (_, index) => `v1/many/${index}`);
      const bytes = Buffer.from("x");
      await store.putGroups([...keys, "v1/kept"].map((key) => [{ key, bytes }]));
      await store.delete(keys);
      expect((await Array.fromAsync(store.list("v1/"))).map(({ key }) => key)).toEqual(["v1/kept"]);
    });

    it("removes objects under keys of all characters that may stand in one", async () => {
      const store = await open();
      const key = "v1/my app+(1)!'*~,;=@$&/ü☃ 100%25.pdb/a?b#c";
      await store.put(key, Buffer.from("x"));
      await store.delete([key]);
      expect(await store.info(key)).toBeUndefined();
    });

    it("stores and gives back a large object as a stream", { timeout: 60_000 }, async () => {
      const store = await open();
      await store.putStream("v1/large", Readable.from(mebibytes(64)));
      expect((await store.info("v1/large"))?.size).toBe(64 * MIB);
      const stream = await store.getStream("v1/large");
      expect(await digestOf(stream!)).toBe(await digestOf(mebibytes(64)));
      await store.putStream("v1/large", Readable.from([Buffer.from("short "), Buffer.from("now")]));
      expect((await store.get("v1/large"))?.toString()).toBe("short now");
    });

    it("stores an empty stream, and gives back as a stream what was put whole", async () => {
      const store = await open();
      await store.putStream("v1/empty", Readable.from([]));
      expect(await store.get("v1/empty")).toEqual(Buffer.alloc(0));
      expect(await Array.fromAsync((await store.getStream("v1/empty"))!)).toEqual([]);
      await store.put("v1/whole", Buffer.from("whole"));
      expect(Buffer.concat(await Array.fromAsync((await store.getStream("v1/whole"))!)).toString()).toBe(
        "whole",
      );
      expect(await store.getStream("v1/never")).toBeUndefined();
    });

    it("leaves nothing of a stream that fails half-way, and what was there before", {
      timeout: 60_000,
    }, async () => {
      const store = await open();
      await store.put("v1/old", Buffer.from("old"));
      for (const key of ["v1/new", "v1/old"]) {
        const putting = store.putStream(key, Readable.from(mebibytes(40, 21)));
        await expect(putting).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
        await expect(putting).rejects.toThrow("the source broke");
      }
      expect((await Array.fromAsync(store.list("v1/"))).map(({ key }) => key)).toEqual(["v1/old"]);
      expect((await store.get("v1/old"))?.toString()).toBe("old");
    });

    it("leaves nothing of a stream that fails before it begins", async () => {
      const store = await open();
      const putting = store.putStream("v1/new", Readable.from(mebibytes(1, 0)));
      await expect(putting).rejects.toThrow("the source broke");
      expect(await store.info("v1/new")).toBeUndefined();
    });

    it("opens an object that is too large for memory, to be read by position", {
      timeout: 60_000,
    }, async () => {
      const store = await open();
      await store.putStream("v1/large", Readable.from(mebibytes(40)));
      const file = (await store.open("v1/large", { memoryBytes: 8 * MIB, folder })) as ObjectFile;
      expect(file.length).toBe(40 * MIB);
      const bytes = Buffer.alloc(2);
      for (const index of [39, 0, 21]) {
        expect(readSync(file.descriptor, bytes, 0, 2, index * MIB + 5)).toBe(2);
        expect(bytes).toEqual(Buffer.of(index, index));
      }
      // Where it is a copy nothing is left of it, whether it is closed or not.
      expect(await readdir(folder)).toEqual([]);
      await closeObject(file);
    });

    it("opens an object for which there is room in memory", async () => {
      const store = await open();
      await store.put("v1/small", Buffer.from("small"));
      await store.put("v1/empty", new Uint8Array());
      const room = { memoryBytes: 5, folder };
      expect(await store.open("v1/small", room)).toEqual(Buffer.from("small"));
      expect(await store.open("v1/empty", room)).toEqual(Buffer.alloc(0));
      expect(await store.open("v1/never", room)).toBeUndefined();
    });

    it("lets a reader leave a stream before its end", async () => {
      const store = await open();
      await store.putStream("v1/left", Readable.from(mebibytes(4)));
      for await (const piece of (await store.getStream("v1/left"))!) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      const stream = await store.getStream("v1/left");
      await expect(
        pipeline(stream!, async (pieces) => {
          for await (const _ of pieces) throw new Error("enough");
        }),
      ).rejects.toThrow("enough");
      expect((await store.info("v1/left"))?.size).toBe(4 * MIB);
    });

    it("refuses a group with a bad key", async () => {
      const store = await open();
      const bytes = Buffer.from("x");
      const putting = store.putGroups([
        [
          { key: "v1/a", bytes },
          { key: "../b", bytes },
        ],
      ]);
      await expect(putting).rejects.toMatchObject({ code: "STORAGE_BAD_KEY" });
    });

    it.each(["../x", "/x", "a//b", "a/./b", "a/..", "a\\b", "a\u0000", "x".repeat(256), ""])(
      "refuses the key %j",
      async (key) => {
        const store = await open();
        const put = (async () => store.put(key, Buffer.from("x")))();
        await expect(put).rejects.toMatchObject({ code: "STORAGE_BAD_KEY" });
        const removing = (async () => store.delete(["v1/a", key]))();
        await expect(removing).rejects.toMatchObject({ code: "STORAGE_BAD_KEY" });
        const streaming = (async () => store.putStream(key, Readable.from([Buffer.from("x")])))();
        await expect(streaming).rejects.toMatchObject({ code: "STORAGE_BAD_KEY" });
      },
    );

    it("says that it is unavailable when its place is not there: absent is what is absent from it", async () => {
      const store = await openNowhere();
      const unavailable = { code: "STORAGE_UNAVAILABLE" };
      await expect(store.put("v1/a", Buffer.from("x"))).rejects.toMatchObject(unavailable);
      await expect(store.get("v1/a")).rejects.toMatchObject(unavailable);
      await expect(store.info("v1/a")).rejects.toMatchObject(unavailable);
      await expect(store.delete(["v1/a"])).rejects.toMatchObject(unavailable);
      await expect(store.getStream("v1/a")).rejects.toMatchObject(unavailable);
      await expect(store.open("v1/a", { memoryBytes: 1, folder })).rejects.toMatchObject(unavailable);
      const source = Readable.from([Buffer.from("x")]);
      await expect(store.putStream("v1/a", source)).rejects.toMatchObject(unavailable);
      await expect(Array.fromAsync(store.list("v1/"))).rejects.toMatchObject(unavailable);
      await expect(store.check()).rejects.toMatchObject(unavailable);
    });

    it("passes its own check", async () => {
      await expect((await open()).check()).resolves.toBeUndefined();
    });
  });
}
