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
  end(): Promise<void>;
}

/** Where things are, and what all services are told. */
export interface Place {
  readonly folder: string;
  readonly environment: Record<string, string>;
}

/** What the pipeline stores crashes in. What is on the machine's own disk has no server to be killed. */
export type StageStore =
  | { readonly kind: "fs" }
  | {
      readonly kind: "s3";
      /** versitygw's. */
      readonly program: string;
    };

export async function openStage(folder: string, store: StageStore): Promise<Stage> {
  const redisPort = await freePort();
  const redis = redisVictim(folder, redisPort);
  const objects = store.kind === "s3" ? storageVictim(folder, store.program, await freePort()) : undefined;
  const endpoint = objects?.url ?? "";
  const environment = {
    REDIS_URL: redis.url,
    CRASH_STORE: store.kind,
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
    store: await openStore(store, { crashes: join(dataDir(folder), "crashes"), endpoint }),
    async end() {
      for (const victim of all.toReversed()) await victim.end("SIGTERM");
    },
  };
}

export async function openStore(
  { kind }: StageStore,
  { crashes, endpoint }: { crashes: string; endpoint: string },
): Promise<ObjectStore> {
  if (kind === "s3") return openS3ObjectStore({ bucket: S3_BUCKET, region: "us-east-1", endpoint });
  return openFsObjectStore(crashes);
}

export const dataDir = (folder: string) => join(folder, "data");

export function redisVictim(folder: string, port: number) {
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

export function storageVictim(folder: string, program: string, port: number) {
  const victim = new Victim({
    name: "storage server",
    command: s3ServerCommand(program, join(folder, "s3"), port),
    output: join(folder, "s3.log"),
    isReady: () => answers(port),
  });
  return { victim, url: `http://127.0.0.1:${port}` };
}

export function collectorVictim({ folder, environment }: Place, port: number) {
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
export async function answers(port: number, host = "127.0.0.1"): Promise<boolean> {
  const socket = connect(port, host);
  const result = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "error").then(() => false),
    sleep(1000).then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return result;
}
