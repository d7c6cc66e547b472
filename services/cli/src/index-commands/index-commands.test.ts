import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCrashId, type ProcessedCrash } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { exportDay, exportKey } from "@mayday/scheduler";
import { parseSuperSearch, searchDocument } from "@mayday/search";
import { openDuckDbEngine, writeParquet } from "@mayday/search/duckdb";
import { createCrashStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rebuildIndex } from "./rebuild-command.ts";

const now = new Date("2026-11-22T14:00:00Z");
const openFile = (path: string) => openDuckDbEngine({ path, memoryLimitMb: 256 });
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayday-index-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Twelve processed crashes, the last of them twice, and a report that is not processed. */
async function filled() {
  const objects = await openFsObjectStore(join(folder, "store"));
  const storage = createCrashStorage(objects);
  const engine = await openFile(join(folder, "search.duckdb"));
  for (let i = 0; i < 13; i++) {
    const id = newCrashId(`0000000${i.toString(16)}-0000-4000-8000-000000000000`, now, 0);
    await storage.saveReport({ uuid: id, ProductName: "Firefox" } as never, new Map());
    if (i === 12) continue;
    const crash = { uuid: id, date_processed: now.toISOString(), product: "Firefox", signature: `s${i % 3}` };
    for (const one of i === 11 ? [{ ...crash, signature: "old" }, crash] : [crash]) {
      await storage.saveProcessed(id, one as unknown as ProcessedCrash);
      await engine.add([searchDocument(one)]);
    }
  }
  return { objects, storage, engine };
}

const plan = parseSuperSearch(
  new URLSearchParams(
    "_facets=signature&_aggs.product=signature&_columns=uuid&_columns=signature&_sort=uuid",
  ),
  { now },
);

describe("mayday index rebuild", () => {
  it("gives an index that answers as the old one, and is refused while somebody has that open", async () => {
    const { storage, engine } = await filled();
    const before = await engine.search(plan);
    expect(before.total).toBe(12);
    await engine.close();
    const path = join(folder, "search.duckdb");
    const rebuilt = await rebuildIndex({ storage, openFile, shared: undefined, path });
    expect(rebuilt).toEqual({ crashes: 12, skipped: 1 });
    const anew = await openFile(path);
    expect(await anew.search(plan)).toEqual(before);
    await anew.close();
  });

  it("leaves the old index when storage fails", async () => {
    const { storage, engine } = await filled();
    await engine.close();
    const path = join(folder, "search.duckdb");
    const failing = {
      ...storage,
      loadProcessed: async () => {
        throw new MaydayError("STORAGE_UNAVAILABLE");
      },
    };
    await expect(rebuildIndex({ storage: failing, openFile, shared: undefined, path })).rejects.toThrow(
      "the object store did not answer",
    );
    const old = await openFile(path);
    expect((await old.search(plan)).total).toBe(12);
    await old.close();
  });

  it("fills a shared index again", async () => {
    const { storage, engine } = await filled();
    const before = await engine.search(plan);
    await rebuildIndex({ storage, openFile, shared: engine, path: "" });
    expect(await engine.search(plan)).toEqual(before);
    await engine.close();
  });
});

describe("mayday export", () => {
  it("stores a day's crashes as one Parquet file, and the same again when asked again", async () => {
    const { storage, objects, engine } = await filled();
    await engine.close();
    for (let i = 0; i < 2; i++)
      expect(await exportDay("20261122", { storage, objects, writeParquet })).toBe(12);
    const bytes = await objects.get(exportKey("20261122"));
    expect(bytes?.subarray(0, 4).toString()).toBe("PAR1");
    expect(await exportDay("20261121", { storage, objects, writeParquet })).toBe(0);
  });
});
