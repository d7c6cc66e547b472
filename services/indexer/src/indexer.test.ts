import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessedPing } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import { parseSuperSearch, type SearchEngine } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { compressedLines, createCrashStorage, createPingStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createIndexer } from "./indexer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayday-indexer-"));
});
afterAll(() => rm(folder, { recursive: true }));

const ATTEMPT = { number: 1, isLast: false };
const batch = { day: "20261121", name: "one" };
const pingOf = (document_id: string, signature: string) =>
  ({
    document_id,
    source: "ping",
    signature,
    ping_reason: "crash",
    ping_created: "2026-11-21T09:00:00.000Z",
    date_processed: "2026-11-21T10:00:00.000000+00:00",
  }) as ProcessedPing;

it("makes the pings of a batch searchable among pings, as they are stored at that time", async () => {
  const objects = await openFsObjectStore(folder);
  const pings = createPingStorage(objects);
  const engine = await openDuckDbEngine({ path: ":memory:", memoryLimitMb: 256 });
  const index = createIndexer({
    storage: createCrashStorage(objects),
    pings,
    engine,
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: createMetrics(),
  });
  const save = (...processed: readonly ProcessedPing[]) =>
    pings.saveProcessedBytes(
      batch,
      compressedLines(processed.map((one) => Buffer.from(JSON.stringify(one)))),
    );
  const signatures = async (query: string): Promise<unknown[]> => {
    const asked = new URLSearchParams(`${query}&_columns=signature&_sort=signature`);
    const plan = parseSuperSearch(asked, { now: new Date("2026-11-22T00:00:00Z") });
    return (await engine.search(plan)).hits.map(({ signature }) => signature);
  };
  try {
    await index({ pings: batch }, ATTEMPT);
    expect(await signatures("source=both")).toEqual([]);
    await save(pingOf("a", "one"), pingOf("b", "two"));
    await index({ pings: batch }, ATTEMPT);
    expect(await signatures("source=ping")).toEqual(["one", "two"]);
    expect(await signatures("source=report")).toEqual([]);
    expect(await signatures("source=ping&ping_reason=crash&ping_created=<2026-11-21T09:30:00")).toEqual([
      "one",
      "two",
    ]);
    // Processed again by newer rules, it takes its own place.
    await save(pingOf("a", "one"), pingOf("b", "newer"));
    await index({ pings: batch }, ATTEMPT);
    expect(await signatures("source=ping")).toEqual(["newer", "one"]);
  } finally {
    await engine.close();
  }
});

it("writes pings of several batches to the engine at once", async () => {
  const added: number[] = [];
  const engine = { add: async (documents: readonly unknown[]) => void added.push(documents.length) };
  const index = createIndexer({
    storage: createCrashStorage(await openFsObjectStore(folder)),
    pings: { loadProcessed: async ({ name }) => [pingOf(`${name}-a`, "one"), pingOf(`${name}-b`, "two")] },
    engine: engine as unknown as SearchEngine,
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: createMetrics(),
  });
  const batches = ["first", "second", "third"].map((name) => ({ day: "20261121", name }));
  await Promise.all(batches.map((one) => index({ pings: one }, ATTEMPT)));
  expect(added).toEqual([6]);
});
