import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ObjectStore } from "@mayday/storage";
import { openGcsObjectStore } from "@mayday/storage/gcs";
import { openS3ObjectStore } from "@mayday/storage/s3";
import { freePort, S3_BUCKET, S3_CREDENTIALS } from "../../packages/storage/src/test-support/servers.ts";
import { symbolFolders } from "../chaos/processor/reports.ts";
import { Victim } from "../chaos/victim.ts";
import {
  type RedisKind,
  type Server,
  type StoreKind,
  startDatabase,
  startRedis,
  startSearch,
  startStore,
} from "./servers.ts";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

export type ServiceName = "collector" | "symbols" | "processor" | "indexer" | "webapp" | "scheduler";

/** A service's process, with a data folder of its own: nothing is shared but the servers. */
export interface Part {
  readonly service: ServiceName;
  readonly url: string;
  readonly victim: Victim;
}

/** Mayday on many machines, all of them this one. */
export interface Stage {
  readonly servers: Readonly<Record<"redis" | "store" | "search" | "database", Server>>;
  readonly parts: readonly Part[];
  /** What all services are told of the servers. */
  readonly environment: Readonly<Record<string, string>>;
  readonly store: ObjectStore;
  urls(service: ServiceName): string[];
  end(): Promise<void>;
}

export interface StageOptions {
  readonly store: StoreKind;
  readonly redis: RedisKind;
  /** How many of each; by default two of what may be multiplied, and one of the others. */
  readonly counts?: Partial<Record<ServiceName, number>>;
  /** What the parts of a service are told besides. */
  readonly settings?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
  /** Checkout of an earlier release that all parts begin as; whoever is started again is this one. */
  readonly earlier?: string;
}

/** A service that starts waits for servers that were killed too: for OpenSearch longest, ms. */
const SERVICE_START_MS = 660_000;

const COUNTS: Readonly<Record<ServiceName, number>> = {
  symbols: 1,
  scheduler: 1,
  indexer: 2,
  processor: 2,
  webapp: 2,
  collector: 2,
};

export async function openStage(folder: string, options: StageOptions): Promise<Stage> {
  const begun: { end(): Promise<void> }[] = [];
  const end = async () => {
    for (const one of begun.toReversed()) await one.end();
  };
  const begin = async <T extends { end(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    begun.push(one);
    return one;
  };
  try {
    const servers = {
      redis: await begin(startRedis(options.redis, folder)),
      store: await begin(startStore(options.store, folder)),
      search: await begin(startSearch(folder)),
      database: await begin(startDatabase()),
    };
    const environment = Object.assign({}, ...Object.values(servers).map((server) => server.environment));
    const parts: Part[] = [];
    for (const [service, count] of Object.entries({ ...COUNTS, ...options.counts })) {
      for (let number = 1; number <= count; number++) {
        const name = `${service} ${number}`;
        const own = options.settings?.[service as ServiceName];
        const part = await partOf(folder, {
          name,
          service: service as ServiceName,
          earlier: options.earlier,
          environment: { ...environment, ...own },
        });
        begun.push({ end: () => part.victim.end("SIGTERM") });
        await part.victim.start();
        parts.push(part);
      }
    }
    return {
      servers,
      parts,
      environment,
      store: openStore(options.store, environment["CRASH_STORE_ENDPOINT"]),
      urls: (service) => parts.filter((part) => part.service === service).map(({ url }) => url),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function openStore(kind: StoreKind, endpoint: string): ObjectStore {
  if (kind === "gcs") return openGcsObjectStore({ bucket: S3_BUCKET, endpoint });
  Object.assign(process.env, S3_CREDENTIALS);
  return openS3ObjectStore({ bucket: S3_BUCKET, region: "us-east-1", endpoint });
}

interface PartOptions {
  readonly name: string;
  readonly service: ServiceName;
  readonly earlier: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

async function partOf(folder: string, { name, service, earlier, environment }: PartOptions): Promise<Part> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = join(folder, name.replace(" ", "-"));
  mkdirSync(data);
  const commandOf = (checkout: string) => [
    process.execPath,
    join(checkout, `services/${service}/src/main.ts`),
  ];
  const victim = new Victim({
    name,
    command: commandOf(earlier ?? repository),
    laterCommand: commandOf(repository),
    environment: {
      ...environment,
      ...settings[service],
      [`${service.toUpperCase()}_PORT`]: String(port),
      MAYDAY_DATA_DIR: data,
      LOG_FILE: join(data, "lines.log"),
    },
    output: join(data, "output.log"),
    readyLimitMs: SERVICE_START_MS,
    isReady: async () => (await fetch(`${url}/__lbheartbeat__`)).ok,
  });
  return { service, url, victim };
}

const settings: Readonly<Record<ServiceName, Readonly<Record<string, string>>>> = {
  collector: {},
  symbols: {},
  // The demo's symbols are uploaded, others are in folders.
  processor: { PROCESSOR_THREADS: "1", SYMBOL_SOURCES: symbolFolders().slice(1).join(",") },
  indexer: {},
  webapp: { WEBAPP_RATE_ANONYMOUS: "0" },
  scheduler: { SCHEDULER_SWEEP_EVERY_MS: "5000", SCHEDULER_SWEEP_GRACE_MS: "2000" },
};
