import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, createMetrics } from "@mayday/observability";
import { consumePings, createPublisher, PINGS_REMEMBERED_MS, type Publisher } from "@mayday/queue";
import { type ObjectStore, pingObject } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sweepPings } from "./ping-sweep.ts";

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
const top = await mkdtemp(join(tmpdir(), "mayday-ping-sweep-"));
const socket = join(top, "redis.sock");
const log = createLogger({ service: "test", level: "silent", file: "" });
const SOON = { timeout: 5000, interval: 20 };
const NO_GRACE = { graceMs: 0 };

let redis: ChildProcess | undefined;
let publisher: Publisher;
let store: ObjectStore;
let count = 0;

/** A redis-server that knows nothing of an earlier one. */
async function startRedis(): Promise<void> {
  const ended = redis && new Promise((done) => redis?.once("exit", done));
  redis?.kill("SIGKILL");
  await ended;
  redis = spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", top]);
  await vi.waitFor(() => publisher.check(), SOON);
}

beforeAll(() => {
  publisher = createPublisher(socket, () => undefined);
});
beforeEach(async () => {
  if (hasRedis) await startRedis();
  store = await openFsObjectStore(await mkdtemp(join(top, "store-")));
});
afterAll(async () => {
  await publisher.close();
  redis?.kill();
  await rm(top, { recursive: true, force: true });
});

/** Stores pings that nobody has queued. */
async function pings(howMany: number): Promise<string[]> {
  const ids = Array.from(
    { length: howMany },
    () => `08200776-0fff-4c57-ad59-${String(++count).padStart(12, "0")}`,
  );
  const rest = { kind: "glean", address: {}, receivedAt: "", userAgent: "", ping: {} } as const;
  await store.putGroups(ids.map((documentId) => [pingObject({ documentId, ...rest })]));
  return ids;
}

/** A sweep so long from now: what a test stored is that old. */
function sweep(reach: { graceMs: number }, laterMs = 1000): Promise<number> {
  const now = () => new Date(Date.now() + laterMs);
  return sweepPings({ store, publisher, log, metrics: createMetrics(), now }, reach);
}

/** Takes pings until `least` were seen; those that `isBad` names fail each time. */
async function consumed(least: number, isBad: (documentId: string) => boolean = () => false) {
  const seen: string[] = [];
  const consumer = consumePings(
    async ({ documentId }) => {
      seen.push(documentId);
      if (isBad(documentId)) throw new Error("bad");
    },
    { redisUrl: socket, concurrency: 1, onError: () => undefined },
  );
  await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(least), SOON);
  await consumer.close(1000);
  return seen.toSorted();
}

describe.skipIf(!hasRedis)("the sweep of crash pings, on a real redis-server (needs redis-server)", () => {
  it("queues those that were stored and never queued", async () => {
    const ids = await pings(3);
    expect(await sweep(NO_GRACE)).toBe(3);
    expect(await consumed(3)).toEqual(ids);
  });

  it("queues none that waits, that was done, or that failed", async () => {
    const [waiting = "", unqueued = ""] = await pings(2);
    await publisher.publishPings([waiting]);
    expect(await sweep(NO_GRACE)).toBe(1);
    expect(await sweep(NO_GRACE)).toBe(0);
    expect(await consumed(2, (id) => id === unqueued)).toEqual([waiting, unqueued]);
    // One is done, one waits for its next attempt.
    expect(await sweep(NO_GRACE)).toBe(0);
  });

  it("queues all again whose queue was lost", async () => {
    const ids = await pings(1);
    expect(await sweep(NO_GRACE)).toBe(1);
    expect(await consumed(1)).toEqual(ids);
    await startRedis();
    expect(await sweep(NO_GRACE)).toBe(1);
  });

  it("leaves young ones to the collector, and looks back no further than the queue remembers", async () => {
    await pings(1);
    expect(await sweep({ graceMs: 60_000 })).toBe(0);
    expect(await sweep(NO_GRACE, PINGS_REMEMBERED_MS)).toBe(0);
    expect(await sweep({ graceMs: 60_000 }, 120_000)).toBe(1);
  });

  it("takes as many as there are", async () => {
    await pings(1203);
    expect(await sweep(NO_GRACE)).toBe(1203);
    expect((await publisher.depths())["pings"]).toMatchObject({ waiting: 1203 });
  });
});
