import type { CrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Consumer, consumeCrashes, createCrashJobs, createPublisher, failureKind } from "./index.ts";
import { hasRedis, startRedis, type TestRedis } from "./test-support/redis-server.ts";

const SOON = { timeout: 15_000, interval: 50 };
let redis: TestRedis;
let number = 0;
const nextId = () => `de1bb258-cbbf-4589-a673-34${String(number++).padStart(4, "0")}260820` as CrashId;
const consumers: Consumer[] = [];

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.close(1000)));
});
afterAll(() => redis?.stop());

function consume(handle: Parameters<typeof consumeCrashes>[1], stuckAfterMs?: number) {
  const consumer = consumeCrashes("standard", handle, {
    redisUrl: redis.socket,
    concurrency: 2,
    onError: () => undefined,
    ...(stuckAfterMs === undefined ? {} : { stuckAfterMs }),
  });
  consumers.push(consumer);
}

describe.skipIf(!hasRedis)("crashes that cannot be processed (needs redis-server)", () => {
  it("are set aside at once where trying again is useless, with their reason; others go on", async () => {
    const publisher = createPublisher(redis.socket, () => undefined);
    const jobs = createCrashJobs(redis.socket, () => undefined);
    const [poison, good] = [nextId(), nextId()];
    const done: CrashId[] = [];
    let isMended = false;
    consume(async ({ crashId }) => {
      if (crashId === poison && !isMended) throw new SyntaxError("no JSON");
      done.push(crashId);
    });
    await publisher.publishNewCrashes([poison, good]);
    await vi.waitFor(async () => expect(await jobs.setAside()).toHaveLength(1), SOON);
    expect(await jobs.setAside()).toMatchObject([
      { crashId: poison, ruleset: "default", queue: "standard", reason: "no JSON", attempts: 1 },
    ]);
    await vi.waitFor(() => expect(done).toEqual([good]), SOON);
    expect(await jobs.retry([nextId()])).toBe(0);
    isMended = true;
    expect(await jobs.retry([poison])).toBe(1);
    await vi.waitFor(() => expect(done).toEqual([good, poison]), SOON);
    expect(await jobs.setAside()).toEqual([]);
    await Promise.all([jobs.close(), publisher.close()]);
  });

  it("wait, and are not set aside, while what they need is away", async () => {
    const publisher = createPublisher(redis.socket, () => undefined);
    const jobs = createCrashJobs(redis.socket, () => undefined);
    const id = nextId();
    let isAway = true;
    const numbers: number[] = [];
    consume(async (_job, attempt) => {
      numbers.push(attempt.number);
      if (isAway) throw new MaydayError("STORAGE_UNAVAILABLE");
    });
    await publisher.publishNewCrashes([id]);
    await vi.waitFor(async () => expect(await jobs.waiting()).toMatchObject([{ crashId: id }]), SOON);
    expect(await jobs.setAside()).toEqual([]);
    isAway = false;
    await vi.waitFor(() => expect(numbers).toEqual([1, 1]), SOON);
    await Promise.all([jobs.close(), publisher.close()]);
  });

  it("are forgotten when they are discarded", async () => {
    const publisher = createPublisher(redis.socket, () => undefined);
    const jobs = createCrashJobs(redis.socket, () => undefined);
    consume(async () => {
      throw new SyntaxError("no JSON");
    });
    await publisher.publishNewCrashes([nextId(), nextId()]);
    await vi.waitFor(async () => expect(await jobs.setAside()).toHaveLength(2), SOON);
    expect(await jobs.discard()).toBe(2);
    expect(await jobs.setAside()).toEqual([]);
    await Promise.all([jobs.close(), publisher.close()]);
  });

  it("are never two of one crash in work", async () => {
    const publisher = createPublisher(redis.socket, () => undefined);
    const id = nextId();
    let [running, most, begun] = [0, 0, 0];
    const gates: (() => void)[] = [];
    consume(async () => {
      begun++;
      most = Math.max(most, ++running);
      await new Promise<void>((open) => gates.push(open));
      running--;
    });
    await publisher.publishCrash("standard", id);
    await vi.waitFor(() => expect(begun).toBe(1), SOON);
    await publisher.publishCrash("standard", id);
    await publisher.publishCrash("standard", id);
    gates[0]!();
    await vi.waitFor(() => expect(begun).toBe(2), SOON);
    await publisher.publishCrash("standard", id);
    gates[1]!();
    await vi.waitFor(() => expect(begun).toBe(3), SOON);
    gates[2]!();
    await vi.waitFor(
      async () => expect((await publisher.depths())["standard"]).toMatchObject({ active: 0, waiting: 0 }),
      SOON,
    );
    expect(most).toBe(1);
    await publisher.close();
  });

  it("come again after Redis was killed and started anew", async () => {
    const publisher = createPublisher(redis.socket, () => undefined);
    const done: CrashId[] = [];
    consume(async ({ crashId }) => void done.push(crashId), 1500);
    const first = nextId();
    await publisher.publishNewCrashes([first]);
    await vi.waitFor(() => expect(done).toEqual([first]), SOON);
    await redis.restart();
    const second = nextId();
    await vi.waitFor(() => publisher.publishNewCrashes([second]), SOON);
    await vi.waitFor(() => expect(done).toEqual([first, second]), SOON);
    await publisher.close();
  });
});

describe("what to do about a failure", () => {
  it.each([
    [new MaydayError("STORAGE_UNAVAILABLE"), "wait"],
    [new MaydayError("PROCESSING_INTERRUPTED"), "wait"],
    [new MaydayError("PROCESSING_FAILED"), "retry"],
    [new TypeError("a fault of ours"), "retry"],
    [new SyntaxError("no JSON"), "never"],
  ])("%s: %s", (error, kind) => expect(failureKind(error)).toBe(kind));
});
