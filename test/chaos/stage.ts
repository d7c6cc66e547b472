import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ObjectStore } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { openS3ObjectStore } from "@mayday/storage/s3";
import { Victim } from "./victim.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const BUCKET = "crashes";
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "mayday", AWS_SECRET_ACCESS_KEY: "mayday-secret" };

/** The pipeline, cut where it is hit: collector, Redis and the storage server apart, the rest in one process. */
export interface Stage {
  readonly collector: string;
  readonly webapp: string;
  readonly victims: readonly Victim[];
  readonly store: ObjectStore;
  readonly storage: string;
  end(): Promise<void>;
}

/** @param s3 versitygw's program; without it the file system is the store, and cannot be killed */
export async function openStage(folder: string, s3: string | undefined): Promise<Stage> {
  const [redisPort, s3Port, collectorPort, webappPort] = await freePorts(4);
  const output = (name: string) => join(folder, `${name}.log`);
  const endpoint = `http://127.0.0.1:${s3Port}`;
  const environment = {
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    ...(s3 === undefined
      ? { MAYDAY_DATA_DIR: join(folder, "data") }
      : { CRASH_STORE: "s3", CRASH_STORE_BUCKET: BUCKET, CRASH_STORE_ENDPOINT: endpoint, ...CREDENTIALS }),
  };
  for (const name of ["redis", "s3", "s3/crashes"]) mkdirSync(join(folder, name));

  const redis = new Victim({
    name: "redis-server",
    command: [
      "redis-server",
      "--port",
      `${redisPort}`,
      "--bind",
      "127.0.0.1",
      "--dir",
      join(folder, "redis"),
    ].concat(["--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", ""]),
    output: output("redis"),
    isReady: () => answers(redisPort as number),
  });
  const objects = new Victim({
    name: "storage server",
    command: [s3 ?? "", "--port", `127.0.0.1:${s3Port}`, "--access", CREDENTIALS.AWS_ACCESS_KEY_ID].concat([
      "--secret",
      CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      "--quiet",
      "posix",
      join(folder, "s3"),
    ]),
    output: output("s3"),
    isReady: () => answers(s3Port as number),
  });
  const collectorUrl = `http://127.0.0.1:${collectorPort}`;
  const collector = new Victim({
    name: "collector",
    command: [process.execPath, join(repository, "services/collector/src/main.ts")],
    environment: {
      MAYDAY_DATA_DIR: join(folder, "collector"),
      ...environment,
      COLLECTOR_JOURNAL_DIR: join(folder, "journal"),
      COLLECTOR_PORT: String(collectorPort),
      LOG_FILE: output("collector-lines"),
      LOG_LEVEL: "warn",
    },
    output: output("collector"),
    isReady: async () => (await fetch(`${collectorUrl}/__lbheartbeat__`)).ok,
  });
  const webappUrl = `http://127.0.0.1:${webappPort}`;
  const rest = new Victim({
    name: "the rest",
    command: [process.execPath, join(repository, "services/cli/src/main.ts"), "up"],
    environment: {
      MAYDAY_DATA_DIR: join(folder, "rest"),
      ...environment,
      MAYDAY_DEMO: "0",
      COLLECTOR_PORT: "0",
      COLLECTOR_JOURNAL_DIR: join(folder, "idle-journal"),
      SYMBOLS_PORT: "0",
      WEBAPP_PORT: String(webappPort),
      SCHEDULER_SWEEP_EVERY_MS: "5000",
      SCHEDULER_SWEEP_GRACE_MS: "2000",
      LOG_FILE: output("rest-lines"),
      LOG_LEVEL: "warn",
    },
    output: output("rest"),
    isReady: async () => (await fetch(`${webappUrl}/__lbheartbeat__`)).ok,
  });

  const victims = s3 === undefined ? [collector, redis] : [collector, redis, objects];
  const all = [redis, ...(s3 === undefined ? [] : [objects]), rest, collector];
  for (const victim of all) await victim.start();
  Object.assign(process.env, CREDENTIALS);
  const store =
    s3 === undefined
      ? await openFsObjectStore(join(folder, "data/crashes"))
      : openS3ObjectStore({ bucket: BUCKET, region: "us-east-1", endpoint });
  return {
    collector: collectorUrl,
    webapp: webappUrl,
    victims,
    store,
    storage:
      s3 === undefined ? "file system (versitygw is absent: npm run conformance -- storage)" : "versitygw",
    async end() {
      for (const victim of all.toReversed()) await victim.end("SIGTERM");
    },
  };
}

/** Whether something listens on a port. */
async function answers(port: number): Promise<boolean> {
  const { connect } = await import("node:net");
  const socket = connect(port, "127.0.0.1");
  const result = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "error").then(() => false),
    sleep(1000).then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return result;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
