import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { postgresPrograms, startPostgres } from "../../packages/records/src/test-support/postgres.ts";
import {
  freeSearchPort,
  openSearchCommand,
} from "../../packages/search/src/test-support/opensearch-server.ts";
import {
  freePort,
  gcsServerCommand,
  S3_BUCKET,
  S3_CREDENTIALS,
  serverProgram,
} from "../../packages/storage/src/test-support/servers.ts";
import type { Struck } from "../chaos/nemesis.ts";
import { answers, redisVictim, storageVictim } from "../chaos/stage.ts";
import { Victim } from "../chaos/victim.ts";
import { ensurePeers } from "../peers.ts";

const SYMBOL_BUCKET = "symbols";
/** Half a minute on an idle machine, minutes on one that is starved, ms. */
const SEARCH_START_MS = 600_000;

/** A server that all services share. */
export interface Server {
  readonly victims: readonly Struck[];
  /** What services are told of it. */
  readonly environment: Readonly<Record<string, string>>;
  end(): Promise<void>;
  /** Loses all it has, and is there again, empty. What its restarts need is told by the drills. */
  lose(): Promise<void>;
}

export type StoreKind = "s3" | "gcs";
export type RedisKind = "alone" | "cluster";

function serverOf(
  victims: readonly Victim[],
  environment: Record<string, string>,
  folders: readonly string[],
): Server {
  return {
    victims,
    environment,
    async lose() {
      for (const victim of victims) await victim.end("SIGKILL");
      for (const folder of folders)
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      for (const victim of victims) await victim.start();
    },
    end: async () => void (await Promise.all(victims.map((victim) => victim.end("SIGTERM")))),
  };
}

/** The object store's server, with a bucket for crashes and one for symbols. */
export async function startStore(kind: StoreKind, folder: string): Promise<Server> {
  const name = kind === "s3" ? "versitygw" : "fake-gcs-server";
  ensurePeers([name]);
  const program = serverProgram(name);
  if (program === undefined) throw new Error(`there is no ${name}`);
  const port = await freePort();
  const { victim, url } =
    kind === "s3" ? storageVictim(folder, program, port) : gcsVictim(folder, program, port);
  mkdirSync(join(folder, kind, SYMBOL_BUCKET), { recursive: true });
  await victim.start();
  return serverOf(
    [victim],
    {
      CRASH_STORE: kind,
      CRASH_STORE_BUCKET: S3_BUCKET,
      CRASH_STORE_ENDPOINT: url,
      SYMBOL_STORE: kind,
      SYMBOL_STORE_BUCKET: SYMBOL_BUCKET,
      SYMBOL_STORE_ENDPOINT: url,
      ...(kind === "s3" ? S3_CREDENTIALS : {}),
    },
    [join(folder, kind, S3_BUCKET)],
  );
}

function gcsVictim(folder: string, program: string, port: number) {
  const victim = new Victim({
    name: "storage server",
    command: gcsServerCommand(program, join(folder, "gcs"), port),
    output: join(folder, "gcs.log"),
    isReady: () => answers(port),
  });
  return { victim, url: `http://127.0.0.1:${port}` };
}

export async function startRedis(kind: RedisKind, folder: string): Promise<Server> {
  if (kind === "alone") {
    const { victim, url } = redisVictim(folder, await freePort());
    await victim.start();
    return serverOf([victim], { REDIS_URL: url }, [join(folder, "redis")]);
  }
  const ports = [await freePort(), await freePort(), await freePort()];
  const victims = ports.map((port, at) => clusterVictim(join(folder, `redis-${at + 1}`), port, at + 1));
  for (const victim of victims) await victim.start();
  const hosts = ports.map((port) => `127.0.0.1:${port}`);
  const made = spawnSync("redis-cli", ["--cluster", "create", ...hosts, "--cluster-yes"], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`redis-cli --cluster create: ${made.stdout}${made.stderr}`);
  // Not for `lose`: an empty Cluster has to be made again.
  return serverOf(victims, { REDIS_URL: `redis+cluster://${hosts.join(",")}` }, []);
}

/** One of a Cluster's three. While it is away the other two serve their slots. */
function clusterVictim(folder: string, port: number, number: number): Victim {
  mkdirSync(folder);
  return new Victim({
    name: `redis-server ${number}`,
    command: [
      "redis-server",
      ...["--port", String(port), "--cluster-port", String(port + 1000 > 65_535 ? port - 1000 : port + 1000)],
      ...["--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes"],
      ...["--maxmemory-policy", "noeviction"],
      ...[
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        "nodes.conf",
        "--cluster-node-timeout",
        "2000",
      ],
      ...["--cluster-require-full-coverage", "no"],
    ],
    output: join(folder, "redis.log"),
    isReady: () => answers(port),
  });
}

/** OpenSearch on data that outlive it. */
export async function startSearch(folder: string): Promise<Server> {
  const port = await freeSearchPort();
  const data = join(folder, "opensearch");
  const command = openSearchCommand(data, port);
  if (command === undefined)
    throw new Error("there is no OpenSearch: it needs Maven and a Java of 21 or later");
  const url = `http://127.0.0.1:${port}`;
  const victim = new Victim({
    name: "OpenSearch",
    command,
    output: join(folder, "opensearch.log"),
    readyLimitMs: SEARCH_START_MS,
    // Ready is who has found its indices again, not who listens.
    isReady: async () => (await fetch(`${url}/_cluster/health?wait_for_no_initializing_shards=true`)).ok,
  });
  await victim.start();
  return serverOf([victim], { SEARCH_ENGINE: "opensearch", SEARCH_URL: url }, [data]);
}

export async function startDatabase(): Promise<Server> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error("there is no PostgreSQL below /usr/lib/postgresql");
  const server = await startPostgres(programs);
  const url = await server.makeDatabase();
  let kills = 0;
  const victim: Struck = {
    name: "PostgreSQL",
    get kills() {
      return kills;
    },
    async killAndRestart() {
      kills++;
      await server.crash();
    },
  };
  return {
    victims: [victim],
    environment: { DATABASE_URL: url },
    end: () => server.stop(),
    async lose() {
      const { pathname, origin } = new URL(url.replace("postgres:", "http:"));
      const name = pathname.slice(1);
      const sql = [`drop database ${name} with (force)`, `create database ${name}`];
      const admin = `${origin.replace("http:", "postgres:").replace("//", "//mayday@")}/postgres`;
      const done = spawnSync(join(programs, "psql"), [admin, ...sql.flatMap((one) => ["-c", one])], {
        encoding: "utf8",
      });
      if (done.status !== 0) throw new Error(`psql: ${done.stderr}`);
    },
  };
}
