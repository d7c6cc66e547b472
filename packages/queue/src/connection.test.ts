import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCrashId } from "@mayday/crash";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createBulkJobs } from "./bulk-jobs.ts";
import { connectRedis } from "./connection.ts";
import { consumeCrashes } from "./consumer.ts";
import { createPublisher } from "./publisher.ts";
import { createQueueHistory } from "./queue-history.ts";
import { redisPlace } from "./redis-address.ts";
import { hasRedis } from "./test-support/redis-server.ts";

const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = new Promise((done) => child.once("exit", done));
    if (child.exitCode === null && child.kill("SIGKILL")) await ended;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A port that is free, and 10000 above it too, where the servers of a cluster speak with each other. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}
const isFree = (port: number) =>
  new Promise<boolean>((answer) => {
    const server = createServer().once("error", () => answer(false));
    server.listen(port, "127.0.0.1", () => server.close(() => answer(true)));
  });

async function startServer(port: number, args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-redis-"));
  folders.push(folder);
  // Sentinels keep what they learn in their file, and want one.
  const file = join(folder, "redis.conf");
  writeFileSync(file, "");
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  children.push(spawn("redis-server", [file, ...args, ...options], { stdio: "ignore", cwd: folder }));
  const redis = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on("error", () => undefined);
  await redis.ping().catch(() => undefined);
  redis.disconnect();
  return port;
}

const ids = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    newCrashId(`${String(n).padStart(8, "0")}-0000-4000-8000-000000000000`, new Date(), 0),
  );

/** What the pipeline asks of a Redis: crashes through a queue, a bulk job, the queues' states. */
async function expectPipelineWorks(url: string): Promise<void> {
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const publisher = createPublisher(url, onError);
  const bulk = createBulkJobs(url, onError);
  const history = createQueueHistory(url, onError);
  const seen = new Set<string>();
  const consumers = (["standard", "reprocessing"] as const).map((name) =>
    consumeCrashes(
      name,
      async ({ crashId, ruleset }) => {
        seen.add(crashId);
        if (name === "reprocessing") await bulk.finished(crashId, ruleset, "processed");
      },
      { redisUrl: url, concurrency: 4, onError },
    ),
  );
  try {
    await vi.waitFor(() => publisher.check(), 10_000);
    const [live, again] = [ids(20), ids(30).slice(20)];
    await publisher.publishNewCrashes(live);
    const job = await bulk.create({ what: "ten", crashIds: again, rate: 1000, start: true });
    await vi.waitFor(async () => {
      await bulk.feed(publisher);
      expect((await bulk.get(job.id))?.state).toBe("done");
      expect([...seen].toSorted()).toEqual([...live, ...again].toSorted());
    }, 20_000);
    await history.note();
    expect((await history.now()).queues["standard"]).toMatchObject({ waiting: 0, active: 0, failed: 0 });
    expect(await history.since(new Date(0))).toHaveLength(1);
  } finally {
    await Promise.all([
      ...consumers.map((one) => one.close(2000)),
      publisher.close(),
      bulk.close(),
      history.close(),
    ]);
  }
}

describe("the address of a Redis", () => {
  it("may be one server's, a socket's, sentinels' with the primary's name, or a cluster's", () => {
    expect(redisPlace("rediss://me:a@b:1")).toEqual({ kind: "alone", url: "rediss://me:a@b:1", options: {} });
    expect(redisPlace("/run/r.sock").options).toEqual({ path: "/run/r.sock" });
    expect(redisPlace("redis+sentinel://:p%40ss@a,[::1]:5/main")).toEqual({
      kind: "sentinel",
      options: {
        password: "p@ss",
        name: "main",
        sentinels: [
          { host: "a", port: 26_379 },
          { host: "::1", port: 5 },
        ],
      },
    });
    expect(redisPlace("rediss+cluster://me:p@a:1,b")).toEqual({
      kind: "cluster",
      nodes: [
        { host: "a", port: 1 },
        { host: "b", port: 6379 },
      ],
      options: { username: "me", password: "p", tls: {} },
    });
  });

  it.each(["http://hunter2", "redis+sentinel://:hunter2@a", "redis+cluster://:hunter2@a:b:c", "hunter2"])(
    "is refused without being quoted when it is none: %s",
    (url) => {
      expect(() => redisPlace(url)).toThrow(/^REDIS_URL/);
      expect(() => redisPlace(url)).not.toThrow(/hunter2/);
    },
  );
});

describe.skipIf(!hasRedis)("the pipeline's queues (needs redis-server)", () => {
  it("work on a Cluster of three with a password", { timeout: 60_000 }, async () => {
    const secret = ["--requirepass", "s3 cret", "--masterauth", "s3 cret", "--cluster-enabled", "yes"];
    const ports = [];
    for (let n = 0; n < 3; n++) ports.push(await startServer(await freePort(), secret));
    const hosts = ports.map((port) => `127.0.0.1:${port}`);
    const create = ["-a", "s3 cret", "--cluster", "create", ...hosts, "--cluster-yes"];
    expect(spawnSync("redis-cli", create, { encoding: "utf8" }).stdout).toContain("All 16384 slots covered");
    await expectPipelineWorks(`redis+cluster://:s3%20cret@${hosts.slice(0, 2).join(",")}`);
  });

  it("go on with the replica that Sentinels make the primary", { timeout: 60_000 }, async () => {
    const primary = await startServer(await freePort(), []);
    const replicaOf = ["--replicaof", "127.0.0.1", String(primary)];
    const replica = await startServer(await freePort(), replicaOf);
    const sentinel = await startServer(await freePort(), ["--sentinel"]);
    const asked = new Redis(sentinel, "127.0.0.1");
    await asked.call("sentinel", "monitor", "main", "127.0.0.1", String(primary), "1");
    await asked.call("sentinel", "set", "main", "down-after-milliseconds", "500");
    // It learns of the replica by asking the primary.
    await vi.waitFor(async () => {
      const replicas = (await asked.call("sentinel", "replicas", "main")) as string[][];
      expect(replicas[0]).toContain(String(replica));
      expect(replicas[0]).toContain("ok");
    }, 20_000);
    asked.disconnect();
    const url = `redis+sentinel://127.0.0.1:${sentinel}/main`;
    const redis = connectRedis(url);
    redis.on("error", () => undefined);
    await redis.ping();
    children[0]?.kill("SIGKILL");
    await vi.waitFor(async () => expect(await redis.info("replication")).toContain("role:master"), 30_000);
    expect(redis.options.name).toBe("main");
    expect(redis.stream.remotePort).toBe(replica);
    await expectPipelineWorks(url);
    redis.disconnect();
  });
});
