/** The collector's host: runs in its network namespace, and starts the other host's servers in theirs. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openS3ObjectStore } from "@mayday/storage/s3";
import {
  S3_BUCKET,
  S3_CREDENTIALS,
  s3ServerCommand,
  serverProgram,
} from "../../packages/storage/src/test-support/servers.ts";
import { reports, submitOnce, symbolFolders } from "../chaos/processor/reports.ts";
import { answers } from "../chaos/stage.ts";
import { Victim } from "../chaos/victim.ts";
import { mulberry32 } from "../mulberry32.ts";
import { verify } from "./load.ts";
import { HOSTS, REDIS_PORT } from "./network.ts";
import { repository } from "./stage.ts";

const STORE_PORT = 7070;
const WEBAPP_PORT = 8020;
const COLLECTOR_PORT = 8000;
/** How long reports are sent, and when of that Redis is away: for a minute. */
const SENT_MS = 100_000;
const CUT_FROM_MS = 20_000;
const CUT_MS = 60_000;
const CLIENTS = 16;

const [folder = "", crashes = "", seed = "", space = "", linkPid = ""] = process.argv.slice(2);
const [here, there] = HOSTS;
const inOther = ["ip", "netns", "exec", space];
const store = `http://${there}:${STORE_PORT}`;
const environment = {
  REDIS_URL: `redis://${there}:${REDIS_PORT}`,
  CRASH_STORE: "s3",
  CRASH_STORE_BUCKET: S3_BUCKET,
  CRASH_STORE_ENDPOINT: store,
  ...S3_CREDENTIALS,
};
const webapp = `http://${there}:${WEBAPP_PORT}`;
const collector = `http://${here}:${COLLECTOR_PORT}`;

mkdirSync(join(folder, "redis"));
const redis = new Victim({
  name: "redis-server",
  command: [
    ...[...inOther, "redis-server", "--port", String(REDIS_PORT), "--bind", there, "--protected-mode", "no"],
    ...["--dir", join(folder, "redis"), "--save", "", "--appendonly", "yes"],
    ...["--maxmemory-policy", "noeviction"],
  ],
  output: join(folder, "redis.log"),
  isReady: () => answers(REDIS_PORT, there),
});
const objects = new Victim({
  name: "storage server",
  command: [
    ...inOther,
    ...s3ServerCommand(serverProgram("versitygw") ?? "", join(folder, "s3"), STORE_PORT, there),
  ],
  output: join(folder, "s3.log"),
  isReady: () => answers(STORE_PORT, there),
});
const rest = new Victim({
  name: "the rest",
  command: [...inOther, process.execPath, join(repository, "services/cli/src/main.ts"), "up"],
  environment: {
    ...environment,
    MAYDAY_DATA_DIR: join(folder, "data"),
    MAYDAY_DEMO: "0",
    COLLECTOR_PORT: "0",
    SYMBOLS_PORT: "0",
    SYMBOL_SOURCES: symbolFolders().join(),
    WEBAPP_HOST: there,
    WEBAPP_PORT: String(WEBAPP_PORT),
    WEBAPP_RATE_ANONYMOUS: "0",
    SCHEDULER_SWEEP_EVERY_MS: "5000",
    SCHEDULER_SWEEP_GRACE_MS: "2000",
    LOG_FILE: join(folder, "rest-lines.log"),
  },
  output: join(folder, "rest.log"),
  isReady: async () => (await fetch(`${webapp}/__lbheartbeat__`)).ok,
});
const receiver = new Victim({
  name: "collector",
  command: [process.execPath, join(repository, "services/collector/src/main.ts")],
  environment: {
    ...environment,
    MAYDAY_DATA_DIR: join(folder, "collector"),
    COLLECTOR_HOST: here,
    COLLECTOR_PORT: String(COLLECTOR_PORT),
    LOG_FILE: join(folder, "collector-lines.log"),
  },
  output: join(folder, "collector.log"),
  isReady: async () => (await fetch(`${collector}/__lbheartbeat__`)).ok,
});

/** Redis is away for the other host by standing still, and for this one by the link besides. */
async function cutRedis(): Promise<void> {
  await sleep(CUT_FROM_MS);
  process.kill(Number(linkPid), "SIGUSR1");
  await redis.pause(CUT_MS);
  process.kill(Number(linkPid), "SIGUSR2");
}

/** Sends the reports evenly; @returns their ids, and how long their answers took in ms */
async function send(count: number): Promise<{ ids: string[]; took: number[]; repeated: number }> {
  const random = mulberry32(Number(seed));
  const kinds = reports();
  const ids: string[] = [];
  const took: number[] = [];
  const began = performance.now();
  let next = 0;
  let repeated = 0;
  const client = async () => {
    while (next < count) {
      const number = next++;
      const report = kinds[number % kinds.length]!(random);
      await sleep(Math.max(0, began + (number / count) * SENT_MS - performance.now()));
      const from = performance.now();
      let id: string | undefined;
      for (; id === undefined; repeated++) id = await submitOnce(collector, report);
      repeated--;
      ids.push(id);
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { ids, took: took.sort((a, b) => a - b), repeated };
}

async function run(): Promise<boolean> {
  for (const victim of [redis, objects, rest, receiver]) await victim.start();
  Object.assign(process.env, S3_CREDENTIALS);
  const began = Date.now();
  const seconds = () => ((Date.now() - began) / 1000).toFixed(0);
  const [{ ids, took, repeated }] = await Promise.all([send(Number(crashes)), cutRedis()]);
  const at = (part: number) => took[Math.floor((took.length - 1) * part)]!.toFixed(0);
  console.log(
    `  ${ids.length} answered in ${seconds()} s, ${repeated} sent again, Redis away for ${CUT_MS / 1000} s of it; answers took ${at(0.5)} ms p50, ${at(0.95)} ms p95, ${at(1)} ms at most`,
  );
  return verify(
    {
      store: openS3ObjectStore({ bucket: S3_BUCKET, region: "us-east-1", endpoint: store }),
      environment,
      urls: () => [webapp],
    },
    ids,
    seconds,
  );
}

let isPassed = false;
try {
  isPassed = await run();
} finally {
  for (const victim of [receiver, rest, objects, redis]) await victim.end("SIGTERM");
}
process.exit(isPassed ? 0 : 1);
