import { describe, expect, it } from "vitest";
import type { ObjectStore } from "./object-store.ts";

/** A store under test. */
export interface ConformingStore {
  /** Opens an empty one. */
  open(): Promise<ObjectStore>;
  /** Opens one whose place (the folder, the bucket) is not there, or no more. */
  openNowhere(): Promise<ObjectStore>;
}

/** What every object store must do. */
export function objectStoreConformance(name: string, { open, openNowhere }: ConformingStore): void {
  describe(`${name} as an object store`, () => {
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
      },
    );

    it("says that it is unavailable when its place is not there: absent is what is absent from it", async () => {
      const store = await openNowhere();
      const unavailable = { code: "STORAGE_UNAVAILABLE" };
      await expect(store.put("v1/a", Buffer.from("x"))).rejects.toMatchObject(unavailable);
      await expect(store.get("v1/a")).rejects.toMatchObject(unavailable);
      await expect(store.info("v1/a")).rejects.toMatchObject(unavailable);
      await expect(Array.fromAsync(store.list("v1/"))).rejects.toMatchObject(unavailable);
      await expect(store.check()).rejects.toMatchObject(unavailable);
    });

    it("passes its own check", async () => {
      await expect((await open()).check()).resolves.toBeUndefined();
    });
  });
}
