import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CrashId } from "@mayday/crash";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Consumer, consumeCrashes, consumeIndexing, createPublisher, type Publisher } from "./index.ts";

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
const folder = await mkdtemp(join(tmpdir(), "mayday-queue-"));
const socket = join(folder, "redis.sock");
let redis: ChildProcess;
let publisher: Publisher;
const consumers: Consumer[] = [];
let number = 0;
const nextId = () => `de1bb258-cbbf-4589-a673-34${String(number++).padStart(4, "0")}260820` as CrashId;
const quiet = () => undefined;
const options = { redisUrl: socket, concurrency: 1, onError: quiet };

function startRedis(): ChildProcess {
  return spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]);
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await what()) return;
    await sleep(50);
  }
  throw new Error("it did not happen in 10 s");
}

const isUp = async () =>
  publisher.check().then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  if (!hasRedis) return;
  redis = startRedis();
  publisher = createPublisher(socket, quiet);
  await until(isUp);
});
afterAll(async () => {
  await Promise.all(consumers.map((consumer) => consumer.close(1000)));
  await publisher?.close();
  redis?.kill();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!hasRedis)("the queues, on a real redis-server (needs redis-server)", () => {
  it("hand over a crash id once, however often it was queued while it waits", async () => {
    const id = nextId();
    await publisher.publishCrash("priority", id);
    await publisher.publishCrash("priority", id);
    const seen: unknown[] = [];
    const consumer = consumeCrashes(
      "priority",
      async (job, attempt) => void seen.push([job, attempt]),
      options,
    );
    await until(() => seen.length > 0);
    await sleep(200);
    expect(seen).toEqual([
      [
        { crashId: id, ruleset: "default" },
        { number: 1, isLast: false },
      ],
    ]);
    await publisher.publishCrash("priority", id);
    await until(() => seen.length === 2);
    await consumer.close(1000);
  });

  it("begin a crash once more that is asked for while it is in work, and once at most", async () => {
    const id = nextId();
    let begun = 0;
    const consumer = consumeCrashes(
      "priority",
      async () => {
        begun++;
        await sleep(300);
      },
      options,
    );
    await publisher.publishCrash("priority", id);
    await until(() => begun === 1);
    await publisher.publishCrash("priority", id);
    await publisher.publishCrash("priority", id);
    await until(() => begun === 2);
    await sleep(700);
    expect(begun).toBe(2);
    await consumer.close(1000);
  });

  it("begin a crash once that a worker takes the moment it is published", async () => {
    let begun = 0;
    const consumer = consumeCrashes("priority", async () => void begun++, { ...options, concurrency: 4 });
    const ids = Array.from({ length: 20 }, nextId);
    for (const id of ids) await publisher.publishCrash("priority", id);
    await until(() => begun >= ids.length);
    await sleep(300);
    expect(begun).toBe(ids.length);
    await consumer.close(1000);
  });

  it("stop waiting for a job that does not end", async () => {
    const consumer = consumeCrashes("priority", () => sleep(5000), options);
    await publisher.publishCrash("priority", nextId());
    await until(async () => (await publisher.depths())["priority"]?.["active"] === 1);
    const started = performance.now();
    await consumer.close(300);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("give a job whose handler failed again, and tell which attempt it is", async () => {
    const attempts: number[] = [];
    const consumer = consumeCrashes(
      "reprocessing",
      async (_job, attempt) => {
        attempts.push(attempt.number);
        if (attempt.number === 1) throw new Error("not yet");
      },
      options,
    );
    consumers.push(consumer);
    await publisher.publishCrash("reprocessing", nextId(), "regenerate_signature");
    await until(() => attempts.length === 2);
    expect(attempts).toEqual([1, 2]);
  });

  it("keep every indexing job: a newer document of the same crash must be indexed too", async () => {
    const id = nextId();
    const seen: CrashId[] = [];
    await publisher.publishIndexing(id);
    await publisher.publishIndexing(id);
    consumers.push(
      consumeIndexing(async (job) => void ("crashId" in job && seen.push(job.crashId)), options),
    );
    await until(() => seen.length === 2);
  });

  it("take many new crashes at once, and each once", async () => {
    const ids = Array.from({ length: 20 }, nextId);
    await publisher.publishNewCrashes(ids);
    await publisher.publishNewCrashes([...ids.slice(5), ...ids.slice(5)]);
    await publisher.publishNewCrashes([]);
    const seen: CrashId[] = [];
    const consumer = consumeCrashes("standard", async ({ crashId }) => void seen.push(crashId), options);
    await until(() => seen.length >= 20);
    await sleep(200);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    await consumer.close(1000);
  });

  it("count what waits", async () => {
    await publisher.publishCrash("standard", nextId());
    await publisher.publishCrash("standard", nextId());
    expect((await publisher.depths())["standard"]).toMatchObject({ waiting: 2, active: 0, failed: 0 });
  });

  it("finish what was begun when they close, and leave what was not to others", async () => {
    const finished: CrashId[] = [];
    let begun = 0;
    const consumer = consumeCrashes(
      "standard",
      async ({ crashId }) => {
        begun++;
        await sleep(300);
        finished.push(crashId);
      },
      options,
    );
    await until(() => begun === 1);
    await consumer.close(5000);
    expect(finished).toHaveLength(1);
    expect((await publisher.depths())["standard"]).toMatchObject({ waiting: 1, active: 0 });
  });

  it("say at once that Redis is away, and work again when it is back", async () => {
    const gone = new Promise((done) => redis.once("exit", done));
    redis.kill("SIGKILL");
    await gone;
    await until(async () => !(await isUp()));
    const started = performance.now();
    await expect(publisher.publishCrash("standard", nextId())).rejects.toMatchObject({
      code: "REDIS_UNAVAILABLE",
    });
    expect(performance.now() - started).toBeLessThan(500);
    redis = startRedis();
    await until(isUp);
    const seen: CrashId[] = [];
    const id = nextId();
    await publisher.publishCrash("reprocessing", id);
    consumers.push(consumeCrashes("reprocessing", async ({ crashId }) => void seen.push(crashId), options));
    await until(async () => (await publisher.depths())["reprocessing"]?.["waiting"] === 0);
  });
});
