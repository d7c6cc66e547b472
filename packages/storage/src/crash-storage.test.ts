import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { type CrashId, type RawCrash, timestamp } from "@mayday/crash";
import { afterAll, describe, expect, it } from "vitest";
import { openFsObjectStore } from "./fs/index.ts";
import {
  createCrashStorage,
  createSymbolStorage,
  isSymbolKey,
  reportObjects,
  withZstdDumps,
} from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "mayday-crashes-"));
afterAll(() => rm(root, { recursive: true, force: true }));
const store = await openFsObjectStore(root);
const storage = createCrashStorage(store);

const id = "de1bb258-cbbf-4589-a673-34f800260820" as CrashId;
const raw = {
  ProductName: "Teapot",
  uuid: id,
  version: 2,
  submitted_timestamp: timestamp(new Date(0)),
} as unknown as RawCrash;

/** Saved the day before the other one, with compressed dumps. */
const zstdId = "de1bb258-cbbf-4589-a673-34f800260819" as CrashId;

describe("crash storage", () => {
  it("keeps a report under Socorro's keys and gives it back", async () => {
    const dumps = new Map([
      ["upload_file_minidump", Buffer.from("MDMP")],
      ["memory_report", Buffer.from("gz")],
    ]);
    await storage.saveReport(raw, dumps);
    const keys = (await Array.fromAsync(store.list("v1/"))).map(({ key }) => key).sort();
    expect(keys).toEqual([
      `v1/dump/${id}`,
      `v1/dump_names/${id}`,
      `v1/memory_report/${id}`,
      `v1/raw_crash/20260820/${id}`,
    ]);
    expect(JSON.parse(String(await store.get(`v1/dump_names/${id}`)))).toEqual([
      "memory_report",
      "upload_file_minidump",
    ]);
    const report = await storage.loadReport(id);
    expect(report?.raw).toEqual(raw);
    expect(Object.fromEntries(report?.dumps ?? [])).toEqual(Object.fromEntries(dumps));
  });

  it("writes the raw crash last, so that one that is there is complete", () => {
    const written = { id, dumpChecksums: {}, json: Buffer.from(JSON.stringify(raw)) };
    const objects = reportObjects(written, new Map([["upload_file_minidump", Buffer.from("MDMP")]]));
    expect(objects.map(({ key }) => key).at(-1)).toBe(`v1/raw_crash/20260820/${id}`);
    expect(objects).toHaveLength(3);
  });

  it("gives back dumps that are kept compressed, zstd ones too, as they came", async () => {
    const zeros = Buffer.alloc(100_000);
    const dumps = new Map([
      ["upload_file_minidump", zeros],
      ["memory_report", zstdCompressSync(zeros)],
    ]);
    await createCrashStorage(withZstdDumps(store)).saveReport({ ...raw, uuid: zstdId }, dumps);
    expect(await store.get(`v1/dump/${zstdId}`)).toBeUndefined();
    expect((await store.info(`v1/dump/${zstdId}.zst`))?.size).toBeLessThan(1000);
    const report = await storage.loadReport(zstdId);
    expect(Object.fromEntries(report?.dumps ?? [])).toEqual(Object.fromEntries(dumps));
    expect(await storage.loadRawCrash(zstdId)).toMatchObject({ uuid: zstdId });
  });

  it("replaces a processed crash", async () => {
    expect(await storage.hasProcessed(id)).toBe(false);
    await storage.saveProcessed(id, { signature: "old" });
    await storage.saveProcessed(id, { signature: "new" });
    expect(await storage.loadProcessed(id)).toEqual({ signature: "new" });
    expect(await storage.hasProcessed(id)).toBe(true);
  });

  it("lists the reports of a day", async () => {
    const listed = await Array.fromAsync(storage.listReports("20260820"));
    expect(listed.map((report) => report.id)).toEqual([id]);
    expect(Date.now() - listed[0]!.savedAt.getTime()).toBeLessThan(60_000);
    expect(await Array.fromAsync(storage.listReports("20260821"))).toEqual([]);
  });

  it("lists the reports of every day", async () => {
    const listed = await Array.fromAsync(storage.listReports());
    expect(new Set(listed.map((report) => report.id))).toEqual(new Set([id, zstdId]));
  });

  it("answers undefined for a crash it never saw", async () => {
    const other = "00000000-0000-4000-8000-000000260820" as CrashId;
    expect(await storage.loadReport(other)).toBeUndefined();
    expect(await storage.loadProcessed(other)).toBeUndefined();
  });
});

describe("symbol storage", () => {
  it("keeps symbol files under Tecken's keys", async () => {
    const symbols = createSymbolStorage(store);
    const key = { debugFile: "teapot", debugId: "ABC0", symbolFile: "teapot.sym" };
    expect(await symbols.has(key)).toBe(false);
    await symbols.putGzipped(key, Buffer.from("gz"));
    expect(await symbols.getGzipped(key)).toEqual(Buffer.from("gz"));
    expect(await store.get("v1/teapot/ABC0/teapot.sym")).toEqual(Buffer.from("gz"));
  });

  it.each([
    [{ debugFile: "xul.pdb", debugId: "ABC0", symbolFile: "xul.sym" }, true],
    [{ debugFile: "with blank", debugId: "abc0", symbolFile: "with blank.sym" }, true],
    [{ debugFile: "..", debugId: "ABC0", symbolFile: "x.sym" }, false],
    [{ debugFile: "a/b", debugId: "ABC0", symbolFile: "x.sym" }, false],
    [{ debugFile: "a", debugId: "XYZ", symbolFile: "x.sym" }, false],
    [{ debugFile: "a", debugId: "", symbolFile: "x.sym" }, false],
    [{ debugFile: "a", debugId: "ABC0", symbolFile: "x\n.sym" }, false],
  ])("knows whether %j can be a key: %s", (key, good) => {
    expect(isSymbolKey(key)).toBe(good);
  });
});
