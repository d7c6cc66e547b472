import { describe, expect, it } from "vitest";
import type { ObjectStore } from "./object-store.ts";

/** What every object store must do. `open` gives an empty one. */
export function objectStoreConformance(name: string, open: () => Promise<ObjectStore>): void {
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

    it.each(["../x", "/x", "a//b", "a/./b", "a/..", "a\\b", "a\u0000", "x".repeat(256), ""])(
      "refuses the key %j",
      async (key) => {
        const store = await open();
        const put = (async () => store.put(key, Buffer.from("x")))();
        await expect(put).rejects.toMatchObject({ code: "STORAGE_BAD_KEY" });
      },
    );

    it("passes its own check", async () => {
      await expect((await open()).check()).resolves.toBeUndefined();
    });
  });
}
