import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ObjectStore } from "@mayday/storage";
import { freePort, S3_BUCKET, S3_CREDENTIALS } from "../../../packages/storage/src/test-support/servers.ts";
import {
  answers,
  collectorVictim,
  dataDir,
  openStore,
  type Place,
  redisVictim,
  type StageStore,
  storageVictim,
} from "../stage.ts";
import { Victim } from "../victim.ts";
import { symbolFolders } from "./reports.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** The pipeline with two processors of their own; everything that they need can be hit. */
export interface ProcessorStage {
  readonly collector: string;
  readonly webapp: string;
  readonly redisUrl: string;
  /** The store's server where it has one, Redis, the symbol source, two processors. */
  readonly victims: readonly Victim[];
  readonly redis: Victim;
  readonly store: ObjectStore;
  /** Redis's folder of files. */
  readonly redisFolder: string;
  end(): Promise<void>;
}

export async function openProcessorStage(folder: string, store: StageStore): Promise<ProcessorStage> {
  const redis = redisVictim(folder, await freePort());
  const objects = store.kind === "s3" ? storageVictim(folder, store.program, await freePort()) : undefined;
  const source = symbolSource(folder, await freePort());
  const endpoint = objects?.url ?? "";
  const environment = {
    REDIS_URL: redis.url,
    CRASH_STORE: store.kind,
    CRASH_STORE_BUCKET: S3_BUCKET,
    CRASH_STORE_ENDPOINT: endpoint,
    ...S3_CREDENTIALS,
    MAYDAY_DATA_DIR: dataDir(folder),
    LOG_LEVEL: "warn",
  };
  const place = { folder, environment };
  const rest = restVictim(place, await freePort());
  const collector = collectorVictim(place, await freePort());
  const processors = [
    processorVictim(place, 1, source.url, await freePort()),
    processorVictim(place, 2, source.url, await freePort()),
  ];
  const servers = [redis, ...(objects === undefined ? [] : [objects])].map(({ victim }) => victim);
  const all = [...servers, source.victim, rest.victim, collector.victim];
  const end = async () => {
    for (const victim of [...all, ...processors].toReversed()) await victim.end("SIGTERM");
  };
  try {
    for (const victim of [...all, ...processors]) await victim.start();
  } catch (error) {
    await end();
    throw error;
  }
  Object.assign(process.env, S3_CREDENTIALS);
  return {
    collector: collector.url,
    webapp: rest.url,
    redisUrl: redis.url,
    victims: [...servers, source.victim, ...processors],
    redis: redis.victim,
    redisFolder: join(folder, "redis"),
    store: await openStore(store, { crashes: join(dataDir(folder), "crashes"), endpoint }),
    end,
  };
}

function symbolSource(folder: string, port: number) {
  const program = fileURLToPath(new URL("./symbol-server-main.ts", import.meta.url));
  const victim = new Victim({
    name: "symbol source",
    command: [process.execPath, program, String(port), ...symbolFolders()],
    output: join(folder, "symbols.log"),
    isReady: () => answers(port),
  });
  return { victim, url: `http://127.0.0.1:${port}` };
}

function processorVictim(
  { folder, environment }: Place,
  number: number,
  source: string,
  port: number,
): Victim {
  return new Victim({
    name: `processor ${number}`,
    command: [process.execPath, join(repository, "services/processor/src/main.ts")],
    environment: {
      ...environment,
      PROCESSOR_PORT: String(port),
      PROCESSOR_THREADS: "1",
      SYMBOL_SOURCES: source,
      LOG_FILE: join(folder, `processor-${number}-lines.log`),
    },
    output: join(folder, `processor-${number}.log`),
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/__lbheartbeat__`)).ok,
  });
}

function restVictim({ folder, environment }: Place, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const victim = new Victim({
    name: "the rest",
    command: [process.execPath, fileURLToPath(new URL("./rest-main.ts", import.meta.url))],
    environment: {
      ...environment,
      WEBAPP_PORT: String(port),
      SCHEDULER_SWEEP_EVERY_MS: "5000",
      SCHEDULER_SWEEP_GRACE_MS: "2000",
      LOG_FILE: join(folder, "rest-lines.log"),
    },
    output: join(folder, "rest.log"),
    isReady: async () => (await fetch(`${url}/__lbheartbeat__`)).ok,
  });
  return { victim, url };
}
