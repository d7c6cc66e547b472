import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ObjectStore } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { openS3ObjectStore } from "@mayday/storage/s3";
import {
  freePort,
  S3_BUCKET,
  S3_CREDENTIALS,
  s3ServerCommand,
} from "../../packages/storage/src/test-support/servers.ts";
import { Victim } from "./victim.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** The pipeline, cut where it is hit: collector, Redis and the storage server apart, the rest in one process. */
export interface Stage {
  readonly collector: string;
  readonly webapp: string;
  readonly victims: readonly Victim[];
  readonly store: ObjectStore;
  /** What the store is. */
  readonly storage: string;
  end(): Promise<void>;
}

/** Where things are, and what all services are told. */
interface Place {
  readonly folder: string;
  readonly environment: Record<string, string>;
}

/** @param s3 versitygw's program; without it the file system is the store, and cannot be killed */
export async function openStage(folder: string, s3: string | undefined): Promise<Stage> {
  const redisPort = await freePort();
  const redis = redisVictim(folder, redisPort);
  const objects = s3 === undefined ? undefined : storageVictim(folder, s3, await freePort());
  const endpoint = objects?.url ?? "";
  const environment = {
    REDIS_URL: redis.url,
    CRASH_STORE: objects === undefined ? "fs" : "s3",
    CRASH_STORE_BUCKET: S3_BUCKET,
    CRASH_STORE_ENDPOINT: endpoint,
    ...S3_CREDENTIALS,
  };
  const rest = restVictim({ folder, environment }, await freePort());
  const collector = collectorVictim({ folder, environment }, await freePort());
  const servers = objects === undefined ? [redis] : [redis, objects];
  const all = [...servers, rest, collector].map(({ victim }) => victim);
  for (const victim of all) await victim.start();
  Object.assign(process.env, S3_CREDENTIALS);
  return {
    collector: collector.url,
    webapp: rest.url,
    victims: [collector, ...servers].map(({ victim }) => victim),
    store:
      objects === undefined
        ? await openFsObjectStore(join(dataDir(folder), "crashes"))
        : openS3ObjectStore({ bucket: S3_BUCKET, region: "us-east-1", endpoint }),
    storage:
      objects === undefined ? "file system (npm run conformance -- storage has versitygw)" : "versitygw",
    async end() {
      for (const victim of all.toReversed()) await victim.end("SIGTERM");
    },
  };
}

const dataDir = (folder: string) => join(folder, "data");

function redisVictim(folder: string, port: number) {
  mkdirSync(join(folder, "redis"));
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", join(folder, "redis"), "--save", ""];
  const victim = new Victim({
    name: "redis-server",
    command: ["redis-server", ...options, "--appendonly", "yes", "--maxmemory-policy", "noeviction"],
    output: join(folder, "redis.log"),
    isReady: () => answers(port),
  });
  return { victim, url: `redis://127.0.0.1:${port}` };
}

function storageVictim(folder: string, program: string, port: number) {
  const victim = new Victim({
    name: "storage server",
    command: s3ServerCommand(program, join(folder, "s3"), port),
    output: join(folder, "s3.log"),
    isReady: () => answers(port),
  });
  return { victim, url: `http://127.0.0.1:${port}` };
}

function collectorVictim({ folder, environment }: Place, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const victim = new Victim({
    name: "collector",
    command: [process.execPath, join(repository, "services/collector/src/main.ts")],
    environment: {
      ...environment,
      MAYDAY_DATA_DIR: dataDir(folder),
      COLLECTOR_JOURNAL_DIR: join(folder, "journal"),
      COLLECTOR_PORT: String(port),
      LOG_FILE: join(folder, "collector-lines.log"),
      LOG_LEVEL: "warn",
    },
    output: join(folder, "collector.log"),
    isReady: async () => (await fetch(`${url}/__lbheartbeat__`)).ok,
  });
  return { victim, url };
}

/** Processor, indexer, webapp, scheduler; a collector that nobody uses is among them. */
function restVictim({ folder, environment }: Place, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const victim = new Victim({
    name: "the rest",
    command: [process.execPath, join(repository, "services/cli/src/main.ts"), "up"],
    environment: {
      ...environment,
      MAYDAY_DATA_DIR: dataDir(folder),
      MAYDAY_DEMO: "0",
      COLLECTOR_PORT: "0",
      COLLECTOR_JOURNAL_DIR: join(folder, "idle-journal"),
      SYMBOLS_PORT: "0",
      WEBAPP_PORT: String(port),
      SCHEDULER_SWEEP_EVERY_MS: "5000",
      SCHEDULER_SWEEP_GRACE_MS: "2000",
      LOG_FILE: join(folder, "rest-lines.log"),
      LOG_LEVEL: "warn",
    },
    output: join(folder, "rest.log"),
    isReady: async () => (await fetch(`${url}/__lbheartbeat__`)).ok,
  });
  return { victim, url };
}

/** Whether something listens on a port. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const result = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "error").then(() => false),
    sleep(1000).then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return result;
}
