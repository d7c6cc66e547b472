import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCrashId, type RawCrash } from "@mayday/crash";
import { createLogger } from "@mayday/observability";
import { writeParquet } from "@mayday/search/duckdb";
import { createCrashStorage, createPingStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, expect, it } from "vitest";
import { exportDays, exportKey } from "./export-day.ts";

const folder = await mkdtemp(join(tmpdir(), "mayday-export-"));
afterAll(() => rm(folder, { recursive: true }));

it("exports a day once, an hour after its end, and makes up for days that were missed", async () => {
  const objects = await openFsObjectStore(folder);
  const storage = createCrashStorage(objects);
  const id = newCrashId("0000000a-cbbf-4589-a673-34f800000000", new Date("2026-08-28T10:00:00Z"), 0);
  await storage.saveReport({ uuid: id } as unknown as RawCrash, new Map());
  await storage.saveProcessed(id, { uuid: id, date_processed: "2026-08-28T10:00:05+00:00" });
  const page: Record<string, string> = {};
  let now = "2026-08-29T00:30:00Z";
  const written: number[] = [];
  const run = () =>
    exportDays({
      storage,
      pings: createPingStorage(objects),
      objects,
      writeParquet: async (path, batches) => {
        const count = await writeParquet(path, batches);
        if (path.endsWith("crashes.parquet")) written.push(count);
        return count;
      },
      notebook: { read: async () => page, write: async (_name, lines) => void Object.assign(page, lines) },
      log: createLogger({ service: "test", level: "silent", file: "" }),
      now: () => new Date(now),
    });
  await run();
  expect(written).toEqual([0]);
  expect(await objects.get(exportKey("20260828"))).toBeUndefined();
  now = "2026-08-29T01:30:00Z";
  await run();
  await run();
  expect(written).toEqual([0, 1]);
  expect(await objects.get(exportKey("20260828"))).toBeDefined();
  now = "2026-08-31T01:30:00Z";
  await run();
  expect(written).toEqual([0, 1, 0, 0]);
});
