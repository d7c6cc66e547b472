import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrashId, newCrashId, type RawCrash } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import { type CrashStorage, createCrashStorage, createPingStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type ExpiryParts, expire } from "./expiry.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-expiry-"));
afterAll(() => rm(top, { recursive: true, force: true }));

let storage: CrashStorage;
let today: string;
let unindexed: CrashId[];
let listed: string[];
let pages: Record<string, string>;
let parts: ExpiryParts;

beforeEach(async () => {
  const objects = await openFsObjectStore(await mkdtemp(join(top, "store-")));
  storage = createCrashStorage(objects);
  today = "2026-08-31T12:00:00Z";
  listed = [];
  unindexed = [];
  pages = {};
  parts = {
    storage: {
      listReports: (day) => {
        listed.push(day ?? "all");
        return storage.listReports(day);
      },
      remove: (ids) => storage.remove(ids),
    },
    pings: createPingStorage(objects),
    engine: { remove: async (ids) => void unindexed.push(...(ids as CrashId[])) },
    notebook: {
      read: async () => pages,
      write: async (_page, lines) => void Object.assign(pages, lines),
    },
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: createMetrics(),
    now: () => new Date(today),
  };
});

let count = 0;
async function crash(day: string): Promise<CrashId> {
  const head = `${(++count).toString(16).padStart(8, "0")}-cbbf-4589-a673-34f800000000`;
  const id = newCrashId(head, new Date(`${day}T10:00:00Z`), 0);
  const dumps = new Map([["upload_file_minidump", new Uint8Array(3)]]);
  await storage.saveReport({ uuid: id } as unknown as RawCrash, dumps);
  await storage.saveProcessed(id, { uuid: id });
  return id;
}

const isThere = async (id: CrashId) =>
  [
    await storage.loadReport(id),
    await storage.loadDump(id, "upload_file_minidump"),
    await storage.loadProcessed(id),
  ].some((part) => part !== undefined);

describe("crashes that are too old", () => {
  it("are removed with all that is stored of them, and nothing else is", async () => {
    const old = [await crash("2020-01-01"), await crash("2026-02-26"), await crash("2026-02-27")];
    const kept = [await crash("2026-02-28"), await crash("2026-08-31")];
    // Half a year before 31 August is the last of February.
    expect(await expire(parts, { months: 6 })).toBe(3);
    for (const id of old) expect(await isThere(id)).toBe(false);
    expect(unindexed.toSorted()).toEqual(old.toSorted());
    for (const id of kept) expect(await isThere(id)).toBe(true);
  });

  it("are looked for once a day: what is gone is not listed again", async () => {
    await crash("2026-02-27");
    await expire(parts, { months: 6 });
    listed.length = 0;
    expect(await expire(parts, { months: 6 })).toBe(0);
    expect(listed).toEqual([]);
    today = "2026-09-02T12:00:00Z";
    await expire(parts, { months: 6 });
    expect(listed).toEqual(["20260228", "20260301"]);
  });

  it("are left to the next time where it is stopped", async () => {
    const id = await crash("2026-02-27");
    expect(await expire(parts, { months: 6, signal: AbortSignal.abort() })).toBe(0);
    expect(await isThere(id)).toBe(true);
    expect(await expire(parts, { months: 6 })).toBe(1);
  });
});
