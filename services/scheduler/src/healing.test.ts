import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashId } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import type { BulkEffect, BulkJob, BulkRequest, HealingJob } from "@mayday/queue";
import { isDebugId, missedBy, searchDocument } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type HealingParts, heal, noteArrival } from "./healing.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-healing-"));
const engine = await openDuckDbEngine({ path: join(top, "search.duckdb") });
afterAll(async () => {
  await engine.close();
  await rm(top, { recursive: true, force: true });
});

const APP = "2FB0B04480C9E128E8269805C17188E90";
const LIBC = "EC61AC938E5A39B16F9FBD350E3169A50";
const OTHER = "0123456789ABCDEF0123456789ABCDEF0";
const crashId = (day: number) =>
  `de1bb258-cbbf-4589-a673-34f8002608${String(day).padStart(2, "0")}` as CrashId;

beforeAll(async () => {
  const crashes: [day: number, missing: string | undefined][] = [
    [10, `app/None/${APP}`],
    [13, `app/None/${APP}/c0de;libc.so.6/None/${LIBC}`],
    [11, `zlib/1.2/${OTHER};libc.so.6/None/${LIBC}`],
    [12, `zlib/1.2/${OTHER}`],
    [14, undefined],
    // What stands in the place of a version is no debug id.
    [15, `a/${APP}/${OTHER}`],
  ];
  await engine.add(
    crashes.map(([day, missing]) =>
      searchDocument({
        uuid: crashId(day),
        signature: "f",
        date_processed: `2026-08-${day}T10:00:00.000000+00:00`,
        ...(missing !== undefined && { missing_symbols: missing }),
      }),
    ),
  );
});

let time: number;
let counts: Record<string, number>;
let requests: { what: string; crashIds: CrashId[] }[];
let jobs: Map<string, BulkJob>;
let told: HealingJob[];
let effects: Map<string, BulkEffect>;
let parts: HealingParts;

beforeEach(() => {
  time = 1_800_000_000_000;
  counts = {};
  requests = [];
  jobs = new Map();
  told = [];
  effects = new Map();
  const pages = new Map<string, Record<string, string>>();
  parts = {
    engine,
    bulk: {
      create: async ({ what, crashIds, why, start }: BulkRequest) => {
        const ids = [...(crashIds as readonly CrashId[])];
        requests.push({ what, crashIds: ids });
        const id = `job-${requests.length}`;
        const counts = { total: ids.length, done: 0, failed: 0, changed: 0 };
        const job = { id, what, why, state: start ? "running" : "counted", ...counts } as unknown as BulkJob;
        jobs.set(id, job);
        return job;
      },
      get: async (id) => jobs.get(id),
      effect: async (id) => effects.get(id),
    },
    notebook: {
      read: async (page) => ({ ...pages.get(page) }),
      write: async (page, lines) => void pages.set(page, { ...pages.get(page), ...lines }),
      forget: async (page, names) => {
        for (const name of names) delete pages.get(page)?.[name];
      },
    },
    healings: { publish: async (job) => void told.push(job) },
    symcaches: { counts: async () => counts },
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: createMetrics(),
    now: () => new Date(time),
  };
});

const arrived = (debugFile: string, debugId: string, uploadId?: number) =>
  noteArrival(
    { debugFile, debugId, codeFile: "", codeId: "", ...(uploadId !== undefined && { uploadId }) },
    parts,
  );
const after = (ms: number) => {
  time += ms;
  return heal(parts);
};

describe("the crashes that missed modules", () => {
  it("are found by debug id, wherever it stands in the list, the newest first and each once", async () => {
    const found = await missedBy([APP, LIBC], engine);
    expect(found).toEqual({ crashIds: [13, 11, 10].map(crashId), isCut: false });
  });

  it("are found page by page, and it is told where older ones are left out", async () => {
    const all = [15, 13, 12, 11, 10].map(crashId);
    const ids = [APP, LIBC, OTHER];
    expect(await missedBy(ids, engine, { most: 10, page: 2 })).toEqual({ crashIds: all, isCut: false });
    const cut = { crashIds: all.slice(0, 3), isCut: true };
    expect(await missedBy(ids, engine, { most: 3, page: 2 })).toEqual(cut);
  });

  it("are asked for by nothing that is no debug id", () => {
    expect([APP, "", "0".repeat(33), `${APP.slice(1)}*`, "AB"].map(isDebugId)).toEqual([
      true,
      ...Array(4).fill(false),
    ]);
  });
});

describe("symbols that arrive", () => {
  it("heal crashes once for all files of an upload, when it seems to be whole", async () => {
    await arrived("app", APP.toLowerCase(), 7);
    await after(4000);
    await arrived("libc.so.6", LIBC, 7);
    await after(4000);
    expect(requests).toEqual([]);
    await after(1000);
    await after(60_000);
    expect(requests).toEqual([{ what: "symbols of upload 7", crashIds: [13, 11, 10].map(crashId) }]);
  });

  it("wait while symcaches are built, but not for those of others without end", async () => {
    counts = { active: 1 };
    await arrived("app", APP, 7);
    await after(29_000);
    expect(requests).toHaveLength(0);
    await after(1000);
    expect(requests).toHaveLength(1);
  });

  it("do not wait for ever for an upload whose files go on coming", async () => {
    counts = { waiting: 9 };
    await arrived("app", APP, 7);
    for (let waited = 0; waited < 300_000; waited += 20_000) {
      expect(requests).toHaveLength(0);
      await arrived(`other-${waited}`, OTHER, 7);
      await after(20_000);
    }
    expect(requests).toHaveLength(1);
  });

  it("are told on their upload: how many crashes were asked for, are healed, and got another signature", async () => {
    await arrived("app", APP, 7);
    await after(5000);
    const healing = "job-1";
    expect(told).toEqual([{ uploadId: 7, healing, asked: 2, healed: 0, changed: 0, isOver: false }]);
    await after(1000);
    expect(told).toHaveLength(1);
    jobs.set(healing, { ...jobs.get(healing)!, state: "done", done: 2, failed: 1, changed: 1 });
    const effect = {
      before: { frames: 9, named: 1 },
      after: { frames: 10, named: 10 },
      changes: [{ before: "a.so@0x1", after: "brew", crashes: 1 }],
    };
    effects.set(healing, effect);
    await after(1000);
    await after(1000);
    const facts = { asked: 2, healed: 1, changed: 1, isOver: true };
    expect(told.slice(1)).toEqual([{ uploadId: 7, healing, ...facts, effect }]);
  });

  it("that no crash missed are told so, and begin nothing", async () => {
    await arrived("app", "FEDCBA9876543210FEDCBA98765432100", 7);
    await after(5000);
    expect(requests).toEqual([]);
    expect(told).toMatchObject([{ uploadId: 7, asked: 0, healed: 0, changed: 0, isOver: true }]);
  });

  it("of no upload heal, too, and are told nowhere", async () => {
    await arrived("app", APP);
    await after(5000);
    expect(requests).toEqual([{ what: "symbols that came", crashIds: [13, 10].map(crashId) }]);
    expect(told).toEqual([]);
  });

  it("are looked at again where the search engine was away", async () => {
    const away = { ...parts, engine: { search: () => Promise.reject(new Error("away")) } };
    await arrived("app", APP, 7);
    time += 5000;
    await expect(heal(away)).rejects.toThrow("away");
    await after(1000);
    expect(requests).toHaveLength(1);
  });
});
