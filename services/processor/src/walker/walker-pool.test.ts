import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { walkerPool } from "./walker-pool.ts";

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
  return walkerPool({
    threads,
    timeoutMs,
    heapMb: 256,
    onError: () => undefined,
    settings: {
      dataDir: data,
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

describe("walkerPool", () => {
  it("builds each symcache once, however many threads meet a new module at once", async () => {
    const many = pool({ threads: 4, data: await mkdtemp(join(dataDir, "fresh-")) });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => many.walk({ dump })));
    const built = outcomes.reduce((sum, { symbolEvents }) => sum + (symbolEvents["built"] ?? 0), 0);
    expect(built).toBe(2);
    expect(outcomes.every(({ returnCode }) => returnCode === 0)).toBe(true);
    await many.close();
  });

  it("reads symbols up to a number of bytes; what is cached costs the next walk none of them", async () => {
    // As many as libc's text has, which is the longer one.
    const frugal = pool({ fetchBytes: 1_160_000, data: await mkdtemp(join(dataDir, "frugal-")) });
    const first = await frugal.walk({ dump });
    expect(first).toMatchObject({ returnCode: 0, symbolEvents: { built: 1 } });
    expect(first.notes).toEqual([
      "symbols of 1 module were not fetched: the walk may read no more bytes of them",
    ]);
    const second = await frugal.walk({ dump });
    expect(second).toMatchObject({ returnCode: 0, notes: [], symbolEvents: { built: 1, memory: 1 } });
    await frugal.close();
  });

  it("builds symcaches on the first walk, and reads no symbol text again: not in this process, not in the next", async () => {
    const first = pool();
    const cold = await first.walk({ dump });
    expect(cold).toMatchObject({ returnCode: 0, symbolEvents: { built: 2 } });
    expect(readdirSync(join(dataDir, "symcache/teapot/2FB0B04480C9E128E8269805C17188E90"))).toHaveLength(1);
    const warm = await first.walk({ dump });
    expect(warm.symbolEvents).not.toHaveProperty("built");
    expect(warm.symbolEvents).not.toHaveProperty("disk");
    expect(warm.jsonDump).toEqual(cold.jsonDump);
    await first.close();
    // The text is gone; the symcaches serve.
    await rm(join(symbols, "teapot"), { recursive: true });
    await rm(join(symbols, "libc.so.6"), { recursive: true });
    const next = pool();
    const later = await next.walk({ dump });
    expect(later.symbolEvents).toMatchObject({ disk: 2 });
    expect(later.symbolEvents).not.toHaveProperty("built");
    expect(later.jsonDump).toEqual(cold.jsonDump);
    await next.close();
  });

  it("does not count the wait for a thread as walking", async () => {
    const one = pool({ timeoutMs: 3000 });
    await one.walk({ dump });
    // Together they take longer than one may.
    const started = performance.now();
    const codes = new Set<number>();
    const walkers = Array.from({ length: 50 }, async () => {
      while (performance.now() - started < 4000) codes.add((await one.walk({ dump })).returnCode);
    });
    const queued = Array.from({ length: 1500 }, async () => codes.add((await one.walk({ dump })).returnCode));
    await Promise.all([...walkers, ...queued]);
    expect(performance.now() - started).toBeGreaterThan(3000);
    expect([...codes]).toEqual([0]);
    await one.close();
  }, 60_000);

  it("tells walks that a stop cuts off from walks that failed", async () => {
    const stopped = pool();
    const cutOff = Promise.allSettled(Array.from({ length: 5 }, () => stopped.walk({ dump })));
    await stopped.close();
    for (const outcome of await cutOff) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "PROCESSING_INTERRUPTED" } });
    }
  });

  it("stops a walk that takes too long, and walks on with the next one", async () => {
    const impatient = pool({ timeoutMs: 1 });
    expect(await impatient.walk({ dump })).toMatchObject({
      log: expect.stringMatching(/^ERROR Timeout /),
      jsonDump: undefined,
    });
    await impatient.close();
  });

  it("tells of a dump that is none", async () => {
    const walker = pool();
    expect(
      await walker.walk({ dump: Buffer.from("no minidump at all, just text of some length") }),
    ).toMatchObject({
      log: expect.stringMatching(/^ERROR HeaderMismatch /),
      notes: [expect.stringContaining("cannot be read")],
    });
    await walker.close();
  });
});
