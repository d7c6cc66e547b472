import { fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zstdDecompressSync } from "node:zlib";
import { type CrashId, parseCrashId } from "@mayday/crash";
import { documentIn } from "@mayday/search";
import { afterAll, describe, expect, it } from "vitest";
import type { OpenDumps } from "../open-dumps.ts";
import type { Processing } from "./processing.ts";
import { processingPool } from "./processing-pool.ts";

const fixtures = fileURLToPath(new URL("../../../../fixtures/", import.meta.url));
const dump = readFileSync(join(fixtures, "demo/demo.dmp"));
const symbols = await mkdtemp(join(tmpdir(), "mayday-symbols-"));
await cp(join(fixtures, "symbols"), symbols, { recursive: true });
const dataDir = await mkdtemp(join(tmpdir(), "mayday-walker-"));
afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await rm(symbols, { recursive: true, force: true });
});

function pool({ timeoutMs = 30_000, threads = 1, data = dataDir, fetchBytes = 1e8 } = {}) {
  return processingPool({
    threads,
    timeoutMs,
    heapMb: 256,
    onError: () => undefined,
    settings: {
      MAYDAY_DATA_DIR: data,
      DATABASE_URL: "",
      SIGNATURE_LISTS: "",
      SIGNATURE_SWITCHES: [],
      PROCESSOR_RELEASES_FILE: "",
      PROCESSOR_VERSION_API: "",
      symbolStore: {
        MAYDAY_DATA_DIR: data,
        SYMBOL_STORE: "fs",
        SYMBOL_STORE_BUCKET: "",
        SYMBOL_STORE_REGION: "",
        SYMBOL_STORE_ENDPOINT: "",
      },
      symbolSources: [symbols],
      memoryBytes: 1e8,
      symcacheBytes: 1e9,
      fetchBytes,
      missesLastMs: 60_000,
    },
  });
}

const crashId = parseCrashId("de1bb258-cbbf-4589-a673-34f800260820") as CrashId;
const raw = JSON.stringify({ uuid: crashId, submitted_timestamp: "2026-08-20T10:11:12.000000+00:00" });

/** Processes a report of these dumps: the result, and the processed crash that it holds. */
async function run(
  processing: Processing,
  dumps: Record<string, Uint8Array> = { upload_file_minidump: dump },
  open = async (): Promise<OpenDumps> =>
    // What a thread is given is gone.
    new Map(Object.entries(dumps).map(([name, bytes]) => [name, Uint8Array.from(bytes)])),
) {
  const result = await processing.process({
    crashId,
    raw,
    dumps: open,
    previous: undefined,
    ruleset: "default",
    why: "live",
    versions: { rules: "1", lists: "abc" },
  });
  const processed = JSON.parse(zstdDecompressSync(result.processed).toString());
  return { ...result, processed, notes: String(processed.processor_notes).split("\n").slice(1) };
}

describe("processingPool", () => {
  it("builds each symcache once, however many threads meet a new module at once", async () => {
    const many = pool({ threads: 4, data: await mkdtemp(join(dataDir, "fresh-")) });
    const results = await Promise.all(Array.from({ length: 8 }, () => run(many)));
    const built = results.reduce((sum, { symbolEvents }) => sum + (symbolEvents["built"] ?? 0), 0);
    expect(built).toBe(2);
    expect(results.every(({ status }) => status === "OK")).toBe(true);
    await many.close();
  });

  it("reads symbols up to a number of bytes; what is cached costs the next walk none of them", async () => {
    // As many as libc's text has, which is the longer one.
    const frugal = pool({ fetchBytes: 1_160_000, data: await mkdtemp(join(dataDir, "frugal-")) });
    const first = await run(frugal);
    expect(first).toMatchObject({ status: "OK", symbolEvents: { built: 1 } });
    expect(first.notes).toContain(
      "symbols of 1 module were not fetched: the walk may read no more bytes of them",
    );
    const second = await run(frugal);
    expect(second).toMatchObject({ status: "OK", symbolEvents: { built: 1, memory: 1 } });
    expect(second.notes.join()).not.toMatch(/not fetched/);
    await frugal.close();
  });

  it("builds symcaches on the first walk, and reads no symbol text again: not in this process, not in the next", async () => {
    const first = pool();
    const cold = await run(first);
    expect(cold).toMatchObject({ status: "OK", symbolEvents: { built: 2 } });
    expect(readdirSync(join(dataDir, "symcache/teapot/2FB0B04480C9E128E8269805C17188E90"))).toHaveLength(1);
    const warm = await run(first);
    expect(warm.symbolEvents).not.toHaveProperty("built");
    expect(warm.symbolEvents).not.toHaveProperty("disk");
    expect(warm.processed.json_dump).toEqual(cold.processed.json_dump);
    await first.close();
    // The text is gone; the symcaches serve.
    await rm(join(symbols, "teapot"), { recursive: true });
    await rm(join(symbols, "libc.so.6"), { recursive: true });
    const next = pool();
    const later = await run(next);
    expect(later.symbolEvents).toMatchObject({ disk: 2 });
    expect(later.symbolEvents).not.toHaveProperty("built");
    expect(later.processed.json_dump).toEqual(cold.processed.json_dump);
    await next.close();
  });

  it("walks a dump in an open file as it walks one in memory, and closes it", async () => {
    const one = pool();
    const descriptor = openSync(join(fixtures, "demo/demo.dmp"), "r");
    const file = { descriptor, length: dump.length };
    const ofFile = await run(one, {}, async () => new Map([["upload_file_minidump", file]]));
    const ofMemory = await run(one);
    expect(ofFile.status).toBe("OK");
    expect(ofFile.processed.json_dump).toEqual(ofMemory.processed.json_dump);
    expect(() => fstatSync(descriptor)).toThrow("EBADF");
    await one.close();
  });

  it("hands on the search document of what it made", async () => {
    const one = pool();
    const { document, processed, signature } = await run(one);
    expect(documentIn(document).fields).toMatchObject({ uuid: crashId, signature });
    expect(processed).toMatchObject({ signature, success: true });
    await one.close();
  });

  it("does not count the wait for a thread as processing", async () => {
    const one = pool({ timeoutMs: 3000 });
    await run(one);
    // Together they take longer than one may.
    const started = performance.now();
    const statuses = new Set<unknown>();
    const clients = Array.from({ length: 100 }, async () => {
      while (performance.now() - started < 4000) statuses.add((await run(one)).status);
    });
    await Promise.all(clients);
    expect(performance.now() - started).toBeGreaterThan(3000);
    expect([...statuses]).toEqual(["OK"]);
    await one.close();
  }, 60_000);

  it("tells work that a stop cuts off from work that failed", async () => {
    const stopped = pool();
    const cutOff = Promise.allSettled(Array.from({ length: 5 }, () => run(stopped)));
    await stopped.close();
    for (const outcome of await cutOff) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "PROCESSING_INTERRUPTED" } });
    }
  });

  it("stops what takes too long; where it takes too long without a walk, the walk was not to blame", async () => {
    const impatient = pool({ timeoutMs: 1 });
    await expect(run(impatient)).rejects.toMatchObject({ code: "PROCESSING_FAILED", detail: "Timeout" });
    await impatient.close();
  });

  it("tells of a dump that is none", async () => {
    const one = pool();
    const text = Buffer.from("no minidump at all, just text of some length");
    const { status, notes } = await run(one, { upload_file_minidump: text });
    expect(status).toBe("HeaderMismatch");
    expect(notes.join()).toMatch(/cannot be read/);
    await one.close();
  });

  it("tells of a report that is no JSON", async () => {
    const one = pool();
    const broken = {
      crashId,
      raw: "{",
      dumps: async () => new Map(),
      previous: undefined,
      why: "live",
    } as const;
    const processed = one.process({ ...broken, ruleset: "default", versions: { rules: "1", lists: "a" } });
    await expect(processed).rejects.toBeInstanceOf(SyntaxError);
    await one.close();
  });
});
