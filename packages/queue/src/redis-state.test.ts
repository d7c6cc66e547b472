import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashId } from "@mayday/crash";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectRedis } from "./connection.ts";
import { createPublisher, type Publisher } from "./index.ts";
import { readState, whyNothingIsTaken } from "./redis-state.ts";

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
const id = "de1bb258-cbbf-4589-a673-340000260820" as CrashId;
const SOON = { timeout: 10_000, interval: 50 };

let folder = "";
let servers: ChildProcess[] = [];
let publishers: Publisher[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayday-redis-"));
});
afterEach(async () => {
  await Promise.all(publishers.map((publisher) => publisher.close()));
  await Promise.all(
    servers.map((server) => {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      return ended;
    }),
  );
  [servers, publishers] = [[], []];
  await rm(folder, { recursive: true, force: true });
});

/** A redis-server that is up, and what a publisher to it says. */
async function start(name: string, ...options: string[]) {
  const socket = join(folder, `${name}.sock`);
  const own = ["--unixsocket", socket, "--save", "", "--dir", folder, "--dbfilename", `${name}.rdb`];
  const port = options.includes("--port") ? [] : ["--port", "0"];
  servers.push(spawn("redis-server", [...port, ...own, ...options], { stdio: "ignore" }));
  const said: string[] = [];
  const publisher = createPublisher(socket, (error) => said.push(error.message));
  publishers.push(publisher);
  await vi.waitFor(async () => void (await publisher.depths()), SOON);
  return { socket, publisher, said };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

describe.skipIf(!hasRedis)("the check of a real redis-server (needs redis-server)", () => {
  it("passes while jobs are taken, and warns of nothing", async () => {
    const { publisher, said } = await start("good");
    await publisher.check();
    await publisher.publishCrash("standard", id);
    expect(said.filter((text) => text.includes("maxmemory"))).toEqual([]);
  });

  it("fails while Redis is full, as publishing does, and says so", async () => {
    const { socket, publisher } = await start(
      "full",
      "--maxmemory",
      "2mb",
      "--maxmemory-policy",
      "noeviction",
    );
    await publisher.check();
    const client = connectRedis(socket);
    const fill = async () => {
      for (let number = 0; number < 10_000; number++) await client.set(`fill${number}`, "x".repeat(10_000));
    };
    await expect(fill()).rejects.toThrow("OOM");
    await expect(publisher.publishCrash("standard", id)).rejects.toMatchObject({ code: "REDIS_UNAVAILABLE" });
    await expect(publisher.check()).rejects.toThrow(
      /Redis is full: \d+ of 2097152 bytes \(maxmemory\), and noeviction/,
    );
    await client.flushall();
    await publisher.check();
    client.disconnect();
  });

  it("fails on a read-only replica, and says so", async () => {
    const port = await freePort();
    await start("primary", "--port", String(port), "--bind", "127.0.0.1");
    const { publisher } = await start("replica", "--replicaof", "127.0.0.1", String(port));
    await expect(publisher.publishCrash("standard", id)).rejects.toMatchObject({ code: "REDIS_UNAVAILABLE" });
    await expect(publisher.check()).rejects.toThrow(
      "it is a read-only replica; REDIS_URL must name the primary",
    );
  });

  it("is warned about once when it may drop jobs", async () => {
    const { publisher, said } = await start(
      "lossy",
      "--maxmemory",
      "64mb",
      "--maxmemory-policy",
      "allkeys-lru",
    );
    await publisher.check();
    const warning =
      "Redis may drop jobs when it is full: maxmemory-policy is allkeys-lru; set it to noeviction";
    await vi.waitFor(() => expect(said).toContain(warning), SOON);
    expect(said.filter((text) => text === warning)).toHaveLength(1);
  });
});

describe("what Redis tells of itself", () => {
  it.each([
    ["loading:1", "Redis is loading its data"],
    [
      "aof_enabled:1\r\naof_last_write_status:err",
      "Redis cannot write its append-only file; its disk may be full",
    ],
    ["role:slave\r\nslave_read_only:0", undefined],
    [
      "maxmemory:100\r\nused_memory:150\r\nmem_not_counted_for_evict:60\r\nmaxmemory_policy:noeviction",
      undefined,
    ],
  ])("%j means %j", (info, why) => {
    expect(whyNothingIsTaken(readState(info))).toBe(why);
  });
});
