import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPackObjectStore } from "@mayday/storage/pack";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Entry } from "../journal/entry.ts";
import { type KeptBatch, PackKeeper } from "./pack-keeper.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-keeper-"));
afterAll(() => rm(top, { recursive: true, force: true }));

async function open(root?: string) {
  const folder = root ?? (await mkdtemp(join(top, "k-")));
  const store = await openPackObjectStore(folder);
  const keeper = new PackKeeper(store);
  const told: KeptBatch[] = [];
  keeper.onKept = (kept) => void told.push(...kept);
  return { folder, store, keeper, told };
}

const entry = (id: string, bytes = 1000): Entry => ({
  queue: "standard",
  id,
  objects: [
    { key: `v1/dump/${id}`, bytes: Buffer.alloc(bytes, id) },
    { key: `v1/raw_crash/${id}`, bytes: Buffer.from(id) },
  ],
});

describe("keeping reports in packs", () => {
  it("lets all share a write that come while the one before it runs", async () => {
    const { keeper, told, folder } = await open();
    const ids = Array.from({ length: 30 }, (_, index) => `crash${index}`);
    await Promise.all(ids.map((id) => keeper.append(entry(id, 70_000))));
    await keeper.close();
    expect(told.map(({ entries }) => entries.length)).toEqual([1, 29]);
    expect(told.flatMap(({ entries }) => entries.map(({ id }) => id))).toEqual(ids);
    expect((await readdir(join(folder, ".packs"))).filter((name) => name.endsWith(".pack"))).toHaveLength(1);
  });

  it("cuts what waits into writes of some megabytes", async () => {
    const { keeper, told } = await open();
    await Promise.all(["a", "b", "c", "d"].map((id) => keeper.append(entry(id, 5_000_000))));
    await keeper.close();
    expect(told.map(({ entries }) => entries.length)).toEqual([1, 1, 1, 1]);
  });

  it("has what was answered found again by a store that is opened after a kill", async () => {
    const { keeper, folder, store } = await open();
    await Promise.all(["a", "b"].map((id) => keeper.append(entry(id, 70_000))));
    // Nobody was told, as when the process had died.
    expect(await store.get("v1/raw_crash/a")).toBeUndefined();
    const next = await open(folder);
    for (const id of ["a", "b"]) {
      expect(await next.store.get(`v1/dump/${id}`)).toEqual(Buffer.alloc(70_000, id));
      expect(String(await next.store.get(`v1/raw_crash/${id}`))).toBe(id);
    }
    await keeper.close();
  });

  it("tells those of a write that it failed, and goes on in another pack", async () => {
    const { keeper, folder, told } = await open();
    await keeper.append(entry("a"));
    await rm(join(folder, ".packs"), { recursive: true });
    await expect(keeper.append(entry("b"))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    await expect(keeper.check()).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const again = await open(folder);
    await keeper.append(entry("c"));
    await keeper.check();
    await keeper.close();
    again.store.show(told.slice(1).map(({ batch }) => batch));
    expect(String(await again.store.get("v1/raw_crash/c"))).toBe("c");
  });
});
