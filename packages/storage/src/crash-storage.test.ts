import { fstatSync, readSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type CrashId, type RawCrash, timestamp } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { afterAll, describe, expect, it } from "vitest";
import { openFsObjectStore } from "./fs/index.ts";
import {
  closeObject,
  createCrashStorage,
  createSymbolStorage,
  isSymbolKey,
  listPings,
  loadPing,
  type ObjectFile,
  type ObjectStore,
  pingObject,
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

  it("opens dumps for which there is no room in memory as files, compressed ones too, and streams them", async () => {
    const room = { memoryBytes: 1000, folder: join(root, ".copies") };
    const opened = await storage.openDumps(zstdId, room);
    const main = opened.get("upload_file_minidump") as ObjectFile;
    expect(main.length).toBe(100_000);
    const bytes = Buffer.alloc(100_000, 1);
    expect(readSync(main.descriptor, bytes, 0, bytes.length, 0)).toBe(100_000);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(opened.get("memory_report")).toEqual(zstdCompressSync(bytes));
    await Promise.all([...opened.values()].map(closeObject));
    expect(() => fstatSync(main.descriptor)).toThrow("EBADF");
    const streamed = await storage.streamDump(zstdId, "upload_file_minidump");
    expect(Buffer.concat(await Array.fromAsync(streamed!))).toEqual(bytes);
  });

  it("replaces a processed crash", async () => {
    expect(await storage.hasProcessed(id)).toBe(false);
    await storage.saveProcessed(id, { signature: "old" });
    await storage.saveProcessed(id, { signature: "new" });
    expect(await storage.loadProcessed(id)).toMatchObject({ signature: "new" });
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

describe("a processed crash", () => {
  const processed = {
    signature: "f",
    schema_version: 2,
    frames: Array.from({ length: 200 }, () => ({ module: "xul" })),
  };
  const text = JSON.stringify(processed);
  const key = `v1/processed_crash/${id}`;

  it("of an earlier version of its shape is read as of today's", async () => {
    await store.put(key, Buffer.from('{"signature":"f","signature_debug":"[{}]"}'));
    expect(await storage.loadProcessed(id)).toEqual({
      signature: "f",
      signature_steps: [{}],
      schema_version: 2,
    });
  });

  it("is kept compressed under Socorro's key", async () => {
    await storage.saveProcessed(id, processed);
    expect((await store.info(key))?.size).toBeLessThan(text.length / 4);
    expect(await storage.loadProcessed(id)).toEqual(processed);
    expect(await storage.loadProcessedText(id)).toBe(text);
  });

  it.each([
    ["plain", Buffer.from(text)],
    ["gzipped", gzipSync(text)],
  ])("is read that was stored %s", async (_, bytes) => {
    await store.put(key, bytes);
    expect(await storage.loadProcessed(id)).toEqual(processed);
    expect(await storage.loadProcessedText(id)).toBe(text);
  });

  it("that is damaged is an error of the store", async () => {
    await store.put(key, zstdCompressSync(text).subarray(0, 40));
    await expect(storage.loadProcessed(id)).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });
});

describe("the text of a raw crash", () => {
  it("has the digits that came", async () => {
    const text = `{"uuid":"${id}","Big":12345678901234567890,"Exact":1.10}`;
    await store.put(`v1/raw_crash/20260820/${id}`, Buffer.from(text));
    expect(await storage.loadRawCrashText(id)).toBe(text);
  });

  it("is undefined where there is none", async () => {
    const other = "00000000-0000-4000-8000-000000260820" as CrashId;
    expect(await storage.loadRawCrashText(other)).toBeUndefined();
    expect(await storage.loadProcessedText(other)).toBeUndefined();
  });
});

describe("removing crashes", () => {
  const idOf = (number: number) =>
    `00000000-0000-4000-8000-${String(number).padStart(6, "0")}260820` as CrashId;
  const dumps = new Map([
    ["upload_file_minidump", Buffer.from("MDMP")],
    ["memory_report", Buffer.from("gz")],
  ]);

  /** Crashes of all that may be stored of one, and the keys of what is to stay. */
  async function filled(count: number) {
    const objects = await openFsObjectStore(await mkdtemp(join(root, "remove-")));
    const crashes = createCrashStorage(objects);
    const zstd = createCrashStorage(withZstdDumps(objects));
    for (let number = 0; number < count; number++) {
      await (number % 2 === 0 ? crashes : zstd).saveReport({ ...raw, uuid: idOf(number) }, dumps);
      await crashes.saveProcessed(idOf(number), { signature: "f" });
    }
    await objects.put("v1/crash_ping/20260820/p", Buffer.from("{}"));
    return { objects, crashes };
  }
  const keysIn = async (objects: ObjectStore) =>
    (await Array.fromAsync(objects.list("v1/"))).map(({ key }) => key).sort();
  const isOf = (numbers: readonly number[]) => (key: string) =>
    numbers.some((number) => key.includes(idOf(number)));

  it("leaves nothing of theirs, and takes nothing else", async () => {
    const { objects, crashes } = await filled(6);
    const before = await keysIn(objects);
    await crashes.remove([idOf(1), idOf(2), idOf(77)]);
    expect(await keysIn(objects)).toEqual(before.filter((key) => !isOf([1, 2])(key)));
    await crashes.remove([idOf(1), idOf(2)]);
    await crashes.remove([]);
    expect(await keysIn(objects)).toEqual(before.filter((key) => !isOf([1, 2])(key)));
  });

  it.each([0, 1, 2])("that failed after %i of its steps is ended by removing once more", async (steps) => {
    const { objects, crashes } = await filled(4);
    const before = await keysIn(objects);
    let done = 0;
    const failing = {
      ...objects,
      // Half of what it is asked for, and no more.
      delete: async (keys: readonly string[]) => {
        if (done++ < steps) return objects.delete(keys);
        await objects.delete(keys.slice(0, keys.length / 2));
        throw new MaydayError("STORAGE_UNAVAILABLE", "away");
      },
    };
    const removing = createCrashStorage(failing).remove([idOf(0), idOf(1)]);
    await expect(removing).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    const listed = (await Array.fromAsync(crashes.listReports("20260820"))).map((report) => report.id);
    const left = (await keysIn(objects)).filter(isOf([0, 1]));
    // What is left belongs to crashes that are still listed.
    for (const key of left)
      expect(
        listed.some((found) => key.includes(found)),
        key,
      ).toBe(true);
    await crashes.remove([idOf(0), idOf(1)]);
    expect(await keysIn(objects)).toEqual(before.filter((key) => !isOf([0, 1])(key)));
  });
});

describe("crash pings", () => {
  it("are a line each, however their senders wrote them", () => {
    const rest = { ...ping("08200776-0fff-4c57-ad59-000000000003", "2026-08-20T12:00:00.000000+00:00") };
    const body = { metrics: { text: "two\nlines" } };
    const stored = { ...rest, ping: body };
    const asSent = [
      '{"metrics":{"text":"two\\nlines"}}',
      JSON.stringify(body, undefined, 2),
      `\ufeff${JSON.stringify(body)}`,
    ];
    for (const sent of asSent) {
      const line = Buffer.from(pingObject(stored, Buffer.from(sent)).bytes).toString("utf8");
      expect(line).not.toContain("\n");
      expect(JSON.parse(line)).toEqual(stored);
    }
  });

  const ping = (documentId: string, receivedAt: string) =>
    ({ documentId, kind: "glean", address: {}, receivedAt, userAgent: "None", ping: {} }) as const;

  it("lie under the day they came, and are found by it", async () => {
    const late = ping("08200776-0fff-4c57-ad59-000000000001", "2026-08-20T23:59:59.999999+00:00");
    const early = ping("08200776-0fff-4c57-ad59-000000000002", "2026-08-21T00:00:00.000000+00:00");
    await store.putGroups([[pingObject(late)], [pingObject(early)]]);
    expect(pingObject(late).key).toBe(`v1/crash_ping/20260820/${late.documentId}`);
    const listed = await Array.fromAsync(listPings(store, "20260821"));
    expect(listed.map(({ documentId }) => documentId)).toEqual([early.documentId]);
    expect(await loadPing(store, "20260820", late.documentId)).toEqual(late);
    expect(await loadPing(store, "20260820", early.documentId)).toBeUndefined();
  });
});
