import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCrashId, type ProcessedCrash, type ProcessedPing } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { exportDay, exportKey, pingExportKey } from "@mayday/scheduler";
import { parseSuperSearch, pingDocument, searchDocument } from "@mayday/search";
import { openDuckDbEngine, writeParquet } from "@mayday/search/duckdb";
import {
  compressedLines,
  createCrashStorage,
  createPingStorage,
  type ObjectStore,
  pingBatches,
  pingObject,
} from "@mayday/storage";
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

/** A batch of pings of that day, stored raw and, with these signatures by document id, processed. */
async function savePings(objects: ObjectStore, day: string, processed: Record<string, string> | undefined) {
  const receivedAt = `${day}T10:00:00.000000+00:00`;
  const raw = Object.keys(processed ?? { unread: "" }).map((documentId) =>
    pingObject({ documentId, kind: "glean", address: {}, receivedAt, userAgent: "", ping: {} }),
  );
  const found = Object.entries(processed ?? {}).map(([document_id, signature]) => {
    const ping = { document_id, source: "ping", signature, product: "Fenix", date_processed: receivedAt };
    return { ...ping, ping_reason: "crash" } as ProcessedPing;
  });
  for (const { batch, object } of pingBatches(raw)) {
    await objects.put(object.key, object.bytes);
    if (processed === undefined) continue;
    const bytes = compressedLines(found.map((ping) => Buffer.from(JSON.stringify(ping))));
    await createPingStorage(objects).saveProcessedBytes(batch, bytes);
  }
  return found.map(pingDocument);
}

/**
 * Twelve processed crashes, the last of them twice, a report that is not processed, three pings, one of them sent again on
 * the next day, and a batch that is not processed.
 */
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
  await engine.add(await savePings(objects, "2026-11-21", { a: "s0", b: "s1", c: "first" }));
  await engine.add(await savePings(objects, "2026-11-22", { c: "last", d: "s1" }));
  await savePings(objects, "2026-11-20", undefined);
  return { objects, storage, pings: createPingStorage(objects), engine };
}

const plan = parseSuperSearch(
  new URLSearchParams(
    "source=both&_facets=signature&_facets=ping_reason&_aggs.product=signature&_columns=uuid&_columns=signature&_sort=uuid",
  ),
  { now },
);

describe("mayday index rebuild", () => {
  it("gives an index that answers as the old one, and is refused while somebody has that open", async () => {
    const { storage, pings, engine } = await filled();
    const before = await engine.search(plan);
    expect(before.total).toBe(16);
    await engine.close();
    const path = join(folder, "search.duckdb");
    const rebuilt = await rebuildIndex({ storage, pings, openFile, shared: undefined, path });
    expect(rebuilt).toEqual({ crashes: 12, skipped: 1, pings: 5, skippedBatches: 1 });
    const anew = await openFile(path);
    expect(await anew.search(plan)).toEqual(before);
    await anew.close();
  });

  it("leaves the old index when storage fails", async () => {
    const { storage, pings, engine } = await filled();
    await engine.close();
    const path = join(folder, "search.duckdb");
    const failing = {
      ...storage,
      loadProcessed: async () => {
        throw new MaydayError("STORAGE_UNAVAILABLE");
      },
    };
    await expect(
      rebuildIndex({ storage: failing, pings, openFile, shared: undefined, path }),
    ).rejects.toThrow("the object store did not answer");
    const old = await openFile(path);
    expect((await old.search(plan)).total).toBe(16);
    await old.close();
  });

  it("fills a shared index again", async () => {
    const { storage, pings, engine } = await filled();
    const before = await engine.search(plan);
    await rebuildIndex({ storage, pings, openFile, shared: engine, path: "" });
    expect(await engine.search(plan)).toEqual(before);
    await engine.close();
  });
});

describe("mayday export", () => {
  it("stores a day's crashes and pings as a Parquet file each, and the same again when asked again", async () => {
    const { storage, pings, objects, engine } = await filled();
    await engine.close();
    // Sent twice within the day it counts once.
    await savePings(objects, "2026-11-22", { c: "again" });
    const parts = { storage, pings, objects, writeParquet };
    for (let i = 0; i < 2; i++) expect(await exportDay("20261122", parts)).toEqual({ crashes: 12, pings: 2 });
    for (const key of [exportKey("20261122"), pingExportKey("20261122")])
      expect((await objects.get(key))?.subarray(0, 4).toString()).toBe("PAR1");
    expect(await exportDay("20261120", parts)).toEqual({ crashes: 0, pings: 0 });
    expect(await objects.get(pingExportKey("20261120"))).toBeUndefined();
  });
});
