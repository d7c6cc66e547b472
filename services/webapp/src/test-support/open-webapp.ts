import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCrashId, type Permission } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { createLogger, createMetrics } from "@mayday/observability";
import type {
  BulkJob,
  BulkJobs,
  CrashJobs,
  Expiring,
  Publisher,
  QueuePoint,
  QueueState,
  UnprocessedCrash,
} from "@mayday/queue";
import type { Records } from "@mayday/records";
import { openRecords } from "@mayday/records/open";
import type { SearchEngine } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { siglistTexts, signatureMaker } from "@mayday/signature";
import {
  type CrashStorage,
  compressedLines,
  createCrashStorage,
  createPingStorage,
  type PingBatch,
  type PingStorage,
} from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import type { FastifyInstance } from "fastify";
import type { RateLimits } from "../api/rate-limits-options.ts";
import { createWebapp } from "../webapp.ts";

/** The present of the tests. */
export const now = new Date("2026-11-22T14:00:00Z");

export interface OpenWebapp {
  readonly server: FastifyInstance;
  readonly storage: CrashStorage;
  readonly pings: PingStorage;
  /** Puts raw pings into storage, as the collector does. */
  savePingBatch(batch: PingBatch, lines: readonly Uint8Array[]): Promise<void>;
  readonly engine: SearchEngine;
  readonly records: Records;
  /** What was asked of the queues: method, queue, crash id, ruleset. */
  readonly published: string[][];
  /** What the queues tell of as set aside; while it is empty, one crash that is, and one that waits. */
  readonly unprocessed: UnprocessedCrash[];
  /** Makes the queues fail, or work again. */
  breakQueue(isBroken: boolean): void;
  /** Moves the present on. */
  wait(ms: number): void;
  close(): Promise<void>;
}

/** A webapp over real storage in a temporary folder, a real search engine, and queues that note what they are told. */
export async function openWebapp(
  granted: readonly Permission[] = [],
  collectorUrl = "http://127.0.0.1:8000",
  rateLimits?: RateLimits,
): Promise<OpenWebapp> {
  const folder = await mkdtemp(join(tmpdir(), "mayday-webapp-"));
  const objects = await openFsObjectStore(folder);
  const storage = createCrashStorage(objects);
  const pings = createPingStorage(objects);
  const engine = await openDuckDbEngine({ path: ":memory:" });
  const records = await openRecords({ MAYDAY_DATA_DIR: folder, DATABASE_URL: "" });
  const published: string[][] = [];
  const unprocessed: UnprocessedCrash[] = [];
  let isBroken = false;
  let time = now.getTime();
  const server = createWebapp({
    storage,
    pings,
    engine,
    records,
    history: {
      async now() {
        if (isBroken) throw new MaydayError("REDIS_UNAVAILABLE");
        return { time: new Date(time), queues: { ...sampleQueues(time), standard: fixedQueue } };
      },
      since: async () =>
        Array.from({ length: 60 }, (_, index) => {
          const at = time - (60 - index) * 60_000;
          return { time: new Date(at), queues: sampleQueues(at) };
        }),
    },
    tallies: {
      since: async () =>
        Array.from({ length: 24 }, (_, index) => ({
          time: new Date(Math.floor(time / 3600_000) * 3600_000 - index * 3600_000),
          counts: {
            "collector_reports_total accept": 40 + index,
            "collector_reports_total malformed": index % 3,
            "indexer_searchable_seconds 1": 30,
            "indexer_searchable_seconds 5": 2,
          },
        })),
    },
    sessions: undefined,
    computed: keptInMemory(),
    openId: undefined,
    isSecure: false,
    siglists: await siglistTexts(),
    links: {
      home: "https://crashes.example",
      sources: new Map(),
      bug: "https://bugs.example/{bug}",
      fileBug: new Map([["*", "https://bugs.example/new?title={title}&text={description}"]]),
    },
    publisher: notingPublisher(published, () => isBroken),
    bulk: notingBulkJobs(published, () => isBroken),
    crashJobs: notingCrashJobs(published, unprocessed, () => isBroken),
    makeSignature: await signatureMaker(),
    log: createLogger({ service: "webapp", level: "silent", file: "" }),
    metrics: createMetrics(),
    granted: { permissions: new Set(granted), hosts: ["crashes.example"] },
    collectorUrl,
    search: {},
    rateLimits,
    now: () => new Date(time),
  });
  return {
    server,
    storage,
    pings,
    savePingBatch: ({ day, name }, lines) =>
      objects.put(`v1/crash_ping_batch/${day}/${name}`, compressedLines(lines)),
    engine,
    records,
    published,
    unprocessed,
    breakQueue: (broken) => {
      isBroken = broken;
    },
    wait: (ms) => {
      time += ms;
    },
    async close() {
      await server.close();
      await Promise.all([engine.close(), records.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** Texts that are kept as long as the test lasts. */
function keptInMemory(): Expiring {
  const texts = new Map<string, string>();
  return {
    get: async (name) => texts.get(name),
    set: async (name, text) => void texts.set(name, text),
    delete: async (name) => void texts.delete(name),
    close: async () => undefined,
  };
}

/** Queues whose depths rise and fall with the time. */
function sampleQueues(time: number): QueuePoint["queues"] {
  const minute = time / 60_000;
  const state = (most: number, failed = 0): QueueState => ({
    waiting: Math.round(most * (1 + Math.sin(minute / 7))),
    delayed: 0,
    active: most > 0 ? 3 : 0,
    failed,
    oldestMs: most * 20,
  });
  return {
    standard: state(12, 1),
    priority: state(0),
    reprocessing: state(300),
    indexing: state(30),
    symcaches: state(2),
  };
}

const fixedQueue: QueueState = { waiting: 12, delayed: 0, active: 3, failed: 1, oldestMs: 250 };

function notingPublisher(published: string[][], isBroken: () => boolean): Publisher {
  const note = async (...call: string[]) => {
    if (isBroken()) throw new MaydayError("REDIS_UNAVAILABLE");
    published.push(call);
  };
  return {
    publishCrash: (queue, id, ruleset = "default") => note("publishCrash", queue, id, ruleset),
    isQueued: async () => false,
    publishPings: async () => undefined,
    publishPingsIndexing: async () => undefined,
    publishNewCrashes: async () => undefined,
    publishIndexing: (id) => note("publishIndexing", id),
    republishIndexing: (id) => note("republishIndexing", id),
    async depths() {
      await note("depths");
      return { standard: { waiting: 12, active: 3, failed: 1 }, priority: { waiting: 0, active: 0 } };
    },
    check: () => note("check"),
    close: async () => undefined,
  };
}

/** The one bulk job there is. */
const bulkJob: BulkJob = {
  id: "b1",
  state: "running",
  what: "crashes by id",
  ruleset: "default",
  why: "bulk",
  total: 3,
  done: 2,
  failed: 1,
  changed: 1,
  rate: 20,
  createdAt: now,
  by: "me",
};

/** Notes each call: what was asked, and of which crashes. */
function notingBulkJobs(published: string[][], isBroken: () => boolean): BulkJobs {
  const note = (...call: string[]) => {
    if (isBroken()) throw new MaydayError("REDIS_UNAVAILABLE");
    published.push(call);
  };
  const changed = (name: string, state: BulkJob["state"]) => async (id: string) => {
    note(name, id);
    return id === bulkJob.id ? { ...bulkJob, state } : undefined;
  };
  return {
    async create({ what, crashIds, ruleset = "default", start = false }) {
      const ids: string[] = [];
      for await (const id of crashIds) ids.push(id);
      note("create", what, ruleset, ...ids);
      return { ...bulkJob, what, ruleset, total: ids.length, done: 0, state: start ? "running" : "counted" };
    },
    async add({ what, crashIds, ruleset = "default" }) {
      note("add", what, ruleset, ...crashIds);
      return { ...bulkJob, what, ruleset };
    },
    get: async (id) => (id === bulkJob.id ? bulkJob : undefined),
    list: async () => [bulkJob],
    start: changed("start", "running"),
    pause: changed("pause", "paused"),
    resume: changed("resume", "running"),
    cancel: changed("cancel", "cancelled"),
    async setRate(id, rate) {
      note("setRate", id, String(rate));
      return id === bulkJob.id ? { ...bulkJob, rate } : undefined;
    },
    feed: async () => 0,
    effect: async () => undefined,
    finished: async () => undefined,
    close: async () => undefined,
  };
}

function notingCrashJobs(
  published: string[][],
  unprocessed: readonly UnprocessedCrash[],
  isBroken: () => boolean,
): CrashJobs {
  const change = (name: string) => async (ids?: readonly string[]) => {
    if (isBroken()) throw new MaydayError("REDIS_UNAVAILABLE");
    published.push([name, ...(ids ?? ["all"])]);
    return ids?.length ?? 7;
  };
  const crashId = newCrashId("00000007-0000-4000-8000-000000000000", now, 0);
  const common = { crashId, ruleset: "default", queue: "standard", when: now } as const;
  return {
    setAside: async () =>
      unprocessed.length > 0
        ? [...unprocessed]
        : [{ ...common, reason: "PROCESSING_FAILED: it fails", attempts: 5 }],
    waiting: async () =>
      unprocessed.length > 0 ? [] : [{ ...common, reason: "something it needs is away", attempts: 2 }],
    retry: change("retry"),
    discard: change("discard"),
    close: async () => undefined,
  };
}
