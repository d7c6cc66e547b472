import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrashId, newCrashId, type RawCrash } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import { searchDocument } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { createCrashStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Sweep } from "./sweep.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-sweep-"));
const engine = await openDuckDbEngine({ path: join(top, "search.duckdb") });
afterAll(async () => {
  await engine.close();
  await rm(top, { recursive: true, force: true });
});

const DAY_MS = 86_400_000;
/** Tomorrow at noon: what a test saved is older, and no day ended just now. */
const now = new Date(new Date().setUTCHours(36, 0, 0, 0));
const published: string[] = [];
/** Remembers what was queued; the real queue is met in the system tests. */
const publisher = {
  publishCrash: async (queue: string, id: CrashId) => void published.push(`${queue} ${id}`),
  republishIndexing: async (id: CrashId) => void published.push(`indexing ${id}`),
} as unknown as Publisher;

/** As Redis keeps it. */
const pages = new Map<string, Record<string, string>>();
const notebook = {
  read: async (page: string) => ({ ...pages.get(page) }),
  write: async (page: string, lines: object) => void pages.set(page, { ...pages.get(page), ...lines }),
  forget: async (page: string, names: readonly string[]) => {
    for (const name of names) delete pages.get(page)?.[name];
  },
};

let storage: ReturnType<typeof createCrashStorage>;
let sweep: Sweep;
let count = 0;

beforeEach(async () => {
  published.length = 0;
  pages.clear();
  storage = createCrashStorage(await openFsObjectStore(await mkdtemp(join(top, "store-"))));
  const log = createLogger({ service: "test", level: "silent", file: "" });
  sweep = new Sweep({ storage, publisher, engine, notebook, log, metrics: createMetrics(), now: () => now });
});

async function crash(daysAgo: number, upTo: "saved" | "processed" | "indexed"): Promise<CrashId> {
  const uuid = `de1bb258-cbbf-4589-a673-${String(++count).padStart(12, "0")}`;
  const head = `${count.toString(16).padStart(8, "0")}${uuid.slice(8)}`;
  const id = newCrashId(head, new Date(now.getTime() - daysAgo * DAY_MS), 0);
  await storage.saveReport({ uuid: id } as unknown as RawCrash, new Map());
  const processed = { uuid: id, signature: "f", date_processed: now.toISOString() };
  if (upTo !== "saved") await storage.saveProcessed(id, processed);
  if (upTo === "indexed") await engine.add([searchDocument(processed)]);
  return id;
}

describe("the sweep", () => {
  it("queues what was saved and not processed, and what was processed and not indexed", async () => {
    const saved = await crash(0, "saved");
    const processed = await crash(1, "processed");
    await crash(0, "indexed");
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ unprocessed: 1, unindexed: 1 });
    expect(published.sort()).toEqual([`indexing ${processed}`, `standard ${saved}`]);
  });

  it("leaves young crashes to the queue", async () => {
    await crash(0, "saved");
    expect(await sweep.run({ days: 3, graceMs: 3 * DAY_MS })).toMatchObject({ unprocessed: 0, unindexed: 0 });
  });

  it("looks back as far as it is told", async () => {
    await crash(4, "saved");
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ unprocessed: 0, unindexed: 0 });
    expect(await sweep.run({ days: 5, graceMs: 0 })).toMatchObject({ unprocessed: 1, unindexed: 0 });
  });

  it("asks about a crash that is whole only once", async () => {
    await crash(0, "indexed");
    let asked = 0;
    const counting = { has: async (ids: readonly CrashId[]) => engine.has(ids).finally(() => asked++) };
    const log = createLogger({ service: "test", level: "silent", file: "" });
    const parts = {
      storage,
      publisher,
      engine: counting,
      notebook,
      log,
      metrics: createMetrics(),
      now: () => now,
    };
    const careful = new Sweep(parts);
    await careful.run({ days: 1, graceMs: 0 });
    await careful.run({ days: 1, graceMs: 0 });
    expect(asked).toBe(1);
  });

  it("lists a day that is over until it was found whole, and then not each time", async () => {
    const saved = await crash(1, "saved");
    await crash(2, "indexed");
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 3, unprocessed: 1 });
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 2, unprocessed: 1 });
    await storage.saveProcessed(saved, { uuid: saved });
    await engine.add([searchDocument({ uuid: saved, date_processed: now.toISOString() })]);
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 2, unprocessed: 0, unindexed: 0 });
    // Today is never whole.
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 1 });
    // A Redis that was wiped remembers nothing.
    pages.clear();
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 3 });
  });

  it("looks at all days anew when it is to reach further back than before: something was restored", async () => {
    const whole = await crash(2, "indexed");
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 3 });
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 1 });
    // The index was removed.
    await engine.remove([whole]);
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 1, unindexed: 0 });
    expect(await sweep.run({ days: 366, graceMs: 0, signal: AbortSignal.abort() })).toMatchObject({
      days: 0,
    });
    expect(await sweep.run({ days: 366, graceMs: 0 })).toMatchObject({ days: 366, unindexed: 1 });
    expect(await sweep.run({ days: 366, graceMs: 0 })).toMatchObject({ days: 2, unindexed: 1 });
    // And back again.
    expect(await sweep.run({ days: 3, graceMs: 0 })).toMatchObject({ days: 2 });
  });

  it("ends where it is when it is told to", async () => {
    await crash(0, "saved");
    const stopped = AbortSignal.abort();
    expect(await sweep.run({ days: 3, graceMs: 0, signal: stopped })).toMatchObject({
      days: 0,
      unprocessed: 0,
    });
  });
});
