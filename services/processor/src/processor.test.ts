import { zstdDecompressSync } from "node:zlib";
import { type CrashId, type ProcessedCrash, parseCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { createLogger, createMetrics } from "@mayday/observability";
import { documentIn } from "@mayday/search";
import { signatureMaker } from "@mayday/signature";
import type { CrashStorage } from "@mayday/storage";
import { beforeEach, describe, expect, it } from "vitest";
import { processReport } from "./processing/process-report.ts";
import { handleCrash, type ProcessorParts, setAside } from "./processor.ts";
import type { Walker } from "./walker/walker.ts";

const crashId = parseCrashId("de1bb258-cbbf-4589-a673-34f800260820") as CrashId;
const job = { crashId, ruleset: "default" } as const;
const makeSignature = await signatureMaker();

let told: string[];
let stored: Map<CrashId, string>;
let parts: ProcessorParts;
let load: () => Promise<string | undefined>;
let dumps: Map<string, Uint8Array>;
let walk: Walker["walk"];

beforeEach(() => {
  told = [];
  stored = new Map();
  load = async () =>
    JSON.stringify({
      uuid: crashId,
      ProductName: "Teapot",
      submitted_timestamp: "2026-08-20T10:11:12.000000+00:00",
    });
  dumps = new Map();
  walk = () => Promise.reject(new Error("no dump"));
  const now = () => new Date("2026-08-20T10:11:20Z");
  parts = {
    storage: {
      loadRawCrashText: () => load(),
      openDumps: async () => dumps,
      loadProcessedText: async (id: CrashId) => stored.get(id),
      hasProcessed: async (id: CrashId) => stored.has(id),
      saveProcessed: async (id: CrashId, processed: ProcessedCrash) =>
        void stored.set(id, JSON.stringify(processed)),
      saveProcessedBytes: async (id: CrashId, bytes: Uint8Array) =>
        void stored.set(id, zstdDecompressSync(bytes).toString()),
    } as unknown as CrashStorage,
    dumpRoom: { memoryBytes: 1e6, folder: "unused" },
    publisher: {
      publishIndexing: async (id, text) =>
        void told.push(
          `index ${id}`,
          ...(text === undefined ? [] : [String(documentIn(text).fields["product"])]),
        ),
    },
    bulk: { finished: async (id, ruleset, outcome) => void told.push(`${id} ${ruleset} ${outcome}`) },
    missing: { publish: async ({ modules }) => void told.push(`missing ${modules.length}`) },
    processing: {
      process: async (request) =>
        processReport(
          { ...request, dumps: await request.dumps() },
          {
            walker: { limitMs: 1000, walk: (one) => walk(one) },
            makeSignature,
            findVersion: async () => undefined,
            find: async () => ({ kind: "missing", why: "there are none" }),
          },
          now,
        ),
    },
    versions: { rules: "1", lists: "abc" },
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: createMetrics(),
    now,
  };
});

const document = () => JSON.parse(stored.get(crashId) ?? "null");
const attempt = (number: number) => ({ number, isLast: number === 5 });

/** A walk that found no symbols of two modules, of which one has no id. */
const walked = {
  modules: [
    { filename: "app", debug_file: "app", debug_id: "AB1", code_id: "cd", missing_symbols: true },
    { filename: "a.so", debug_file: "a.so", debug_id: "EF2", code_id: null, missing_symbols: false },
    { filename: "b.so", debug_file: "b.so", debug_id: null, code_id: null, missing_symbols: true },
  ],
};

describe("a crash that missed symbols", () => {
  let missed: unknown[];
  let asked: (number | undefined)[];
  beforeEach(() => {
    missed = [];
    asked = [];
    dumps = new Map([["upload_file_minidump", new Uint8Array(1)]]);
    walk = async ({ missesSince }) => {
      asked.push(missesSince);
      return { returnCode: 0, log: "", jsonDump: structuredClone(walked), notes: [], symbolEvents: {} };
    };
    parts = { ...parts, missing: { publish: async (one) => void missed.push(one) } };
  });

  it("tells them with its product, once however often it is processed", async () => {
    await handleCrash("standard", job, attempt(1), parts);
    await handleCrash("priority", job, attempt(1), parts);
    const app = { debugFile: "app", debugId: "AB1", codeFile: "app", codeId: "cd" };
    expect(missed).toEqual([{ product: "Teapot", modules: [app] }]);
  });

  it("is processed where that cannot be told", async () => {
    const away = { publish: () => Promise.reject(new MaydayError("REDIS_UNAVAILABLE")) };
    await handleCrash("standard", job, attempt(1), { ...parts, missing: away });
    expect(document()).toMatchObject({ success: true });
  });

  it("does not believe older misses when it is processed because symbols came", async () => {
    await handleCrash("standard", job, attempt(1), parts);
    await handleCrash("reprocessing", { ...job, why: "symbols" }, attempt(1), parts);
    expect(asked).toEqual([undefined, Date.parse("2026-08-20T10:11:15Z")]);
  });

  it("tells the bulk jobs whether its signature is another one", async () => {
    await handleCrash("reprocessing", job, attempt(1), parts);
    await handleCrash("reprocessing", job, attempt(1), parts);
    stored.set(
      crashId,
      JSON.stringify({ ...document(), processing_history: [{ signature: "another", when: "", notes: "" }] }),
    );
    await handleCrash("reprocessing", job, attempt(1), parts);
    const outcomes = told.filter((one) => one.startsWith(crashId)).map((one) => one.split(" ").at(-1));
    expect(outcomes).toEqual(["processed", "processed", "changed"]);
  });
});

describe("a job", () => {
  it("saves the processed crash, then asks for indexing, and tells the bulk jobs that wait for it", async () => {
    await handleCrash("reprocessing", { ...job, why: "symbols" }, attempt(1), parts);
    expect(document()).toMatchObject({ product: "Teapot", schema_version: 2, success: true });
    expect(document().processing_history).toMatchObject([
      { why: "symbols", versions: { rules: "1", lists: "abc" } },
    ]);
    expect(told).toEqual([`index ${crashId}`, "Teapot", `${crashId} default processed`]);
  });

  it("remembers why it was processed each time, the newest first", async () => {
    await handleCrash("standard", job, attempt(1), parts);
    await handleCrash("priority", job, attempt(1), parts);
    expect(document().processing_history.map(({ why }: { why: string }) => why)).toEqual(["by hand", "live"]);
    expect(document().processor_history).toHaveLength(1);
  });

  it("is given back while the store is away, and leaves nothing", async () => {
    load = () => Promise.reject(new MaydayError("STORAGE_UNAVAILABLE"));
    const failing = handleCrash("standard", job, attempt(5), parts);
    await expect(failing).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    expect(document()).toBeNull();
  });

  it("that fails is given back, and the last time leaves a crash that says so without quoting it", async () => {
    load = () => Promise.reject(new TypeError("secret"));
    await expect(handleCrash("standard", job, attempt(4), parts)).rejects.toThrow();
    expect(document()).toBeNull();
    await expect(handleCrash("standard", job, attempt(5), parts)).rejects.toThrow();
    expect(document()).toMatchObject({
      signature: "EMPTY: crash failed to process",
      success: false,
      processor_notes: "processing failed: TypeError",
      processing_history: [{ why: "live", signature: "EMPTY: crash failed to process" }],
    });
    expect(stored.get(crashId)).not.toContain("secret");
  });

  it("whose report is no JSON is set aside the first time", async () => {
    load = async () => "{cut off";
    await expect(handleCrash("reprocessing", job, attempt(1), parts)).rejects.toThrow(SyntaxError);
    expect(document()).toMatchObject({ signature: "EMPTY: crash failed to process" });
    expect(told).toEqual([`${crashId} default failed`, `index ${crashId}`]);
  });

  it("makes a processed crash that is damaged anew", async () => {
    stored.set(crashId, '{"cut off');
    await handleCrash("standard", job, attempt(1), parts);
    expect(document()).toMatchObject({ product: "Teapot", processor_history: [] });
  });

  it("of a crash that is gone ends", async () => {
    load = async () => undefined;
    await handleCrash("reprocessing", job, attempt(1), parts);
    expect(document()).toBeNull();
    expect(told).toEqual([`${crashId} default processed`]);
  });
});

it("a crash that is set aside keeps what an earlier processing made of it", async () => {
  await handleCrash("standard", job, attempt(1), parts);
  await setAside("standard", job, new Error("stalled"), parts);
  expect(document()).toMatchObject({ product: "Teapot", success: true });
});
