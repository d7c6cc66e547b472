import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type CrashId, newCrashId } from "@mayday/crash";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Consumer, consumeCrashes } from "./consumer.ts";
import { createPublisher, type Publisher } from "./publisher.ts";
import { hasRedis, startRedis, type TestRedis } from "./test-support/redis-server.ts";

/** A worker that takes nothing for so long while jobs wait is replaced. */
const STUCK_MS = 3000;
/** Within this a job is taken after Redis is back: the pause between attempts to connect, a lock that runs out, the watchdog. */
const BOUND = { timeout: 25_000, interval: 50 };
/** So long a worker rests between two jobs before Redis is hit: it waits for the next then. */
const IDLE_MS = 300;

let redis: TestRedis;
let publisher: Publisher;
let consumer: Consumer | undefined;
let taken: CrashId[];
let errors: string[];
let number = 0;

const nextId = () =>
  newCrashId(`${(++number).toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`, new Date(), 0);

beforeEach(async () => {
  if (!hasRedis) return;
  redis = await startRedis();
  publisher = createPublisher(redis.socket, () => undefined);
  taken = [];
  errors = [];
});
afterEach(async () => {
  if (!hasRedis) return;
  redis.goOn();
  await consumer?.close(1000);
  await publisher.close();
  await redis.stop();
});

function consume(redisUrl: string): void {
  consumer = consumeCrashes("standard", async ({ crashId }) => void taken.push(crashId), {
    redisUrl,
    concurrency: 2,
    stuckAfterMs: STUCK_MS,
    onError: ({ message }) => errors.push(message),
  });
}

/** Queues a crash, however long Redis needs to be back, and waits until it is taken. */
async function isTaken(): Promise<void> {
  const id = nextId();
  await vi.waitFor(() => publisher.publishCrash("standard", id), BOUND);
  await vi.waitFor(() => expect(taken).toContain(id), BOUND);
}

describe.skipIf(!hasRedis)("workers take jobs again (needs redis-server)", () => {
  it("each time that Redis was killed and started", { timeout: 120_000 }, async () => {
    consume(redis.socket);
    await isTaken();
    for (const awayMs of [0, 50, 1500]) {
      await sleep(IDLE_MS);
      await redis.kill();
      await sleep(awayMs);
      await redis.start();
      await isTaken();
    }
  });

  it("after Redis stood still, and what was queued before is not lost", { timeout: 120_000 }, async () => {
    consume(redis.socket);
    await isTaken();
    for (const stillMs of [200, 4000, 8000]) {
      const waiting = nextId();
      await publisher.publishCrash("standard", waiting);
      redis.pause();
      await sleep(stillMs);
      redis.goOn();
      await isTaken();
      await vi.waitFor(() => expect(taken).toContain(waiting), BOUND);
    }
  });

  it("after Redis stood still and was killed then, with all its answers lost", {
    timeout: 120_000,
  }, async () => {
    consume(redis.socket);
    await isTaken();
    redis.pause();
    await sleep(2000);
    await redis.kill();
    await redis.start();
    await isTaken();
  });

  it("where Redis is back without anything it had", { timeout: 120_000 }, async () => {
    consume(redis.socket);
    await isTaken();
    await redis.wipe();
    await isTaken();
  });

  it("where only the answer is lost that they wait for: the worker is replaced", {
    timeout: 60_000,
  }, async () => {
    const way = await forgetfulWay(redis.socket);
    try {
      consume(way.url);
      await isTaken();
      await vi.waitFor(() => expect(way.forgetWaiting()).toBe(1), BOUND);
      await isTaken();
      expect(errors.join()).toMatch(/starting anew/);
    } finally {
      await consumer?.close(1000);
      consumer = undefined;
      way.close();
    }
  });

  it("where the network forgot their connections and told nobody", { timeout: 120_000 }, async () => {
    const way = await forgetfulWay(redis.socket);
    try {
      consume(way.url);
      await isTaken();
      await sleep(IDLE_MS);
      way.forget();
      await isTaken();
    } finally {
      await consumer?.close(1000);
      consumer = undefined;
      way.close();
    }
  });
});

/** A worker that waits for the next job says so to Redis, on a connection of its own. */
const WAITS = "bzpopmin";

/** A way to Redis that can forget the connections over it: they stay open, and nothing comes over them any more. */
async function forgetfulWay(socket: string) {
  const pairs = new Set<readonly [Socket, Socket]>();
  const waiting = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(socket);
    const pair = [near, far] as const;
    pairs.add(pair);
    near.pipe(far).pipe(near);
    near.on("data", (bytes) => {
      if (bytes.includes(WAITS)) waiting.add(pair);
    });
    for (const one of pair) one.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forget() {
      for (const pair of pairs) forget(pair);
      pairs.clear();
    },
    /** Forgets those on which a worker waits, and says how many these were. */
    forgetWaiting() {
      const count = waiting.size;
      for (const pair of waiting) forget(pair);
      waiting.clear();
      return count;
    },
    close() {
      server.close();
      for (const pair of pairs) for (const one of pair) one.destroy();
    },
  };
}

function forget([near, far]: readonly [Socket, Socket]): void {
  near.unpipe(far);
  far.unpipe(near);
  far.destroy();
  near.resume();
}
