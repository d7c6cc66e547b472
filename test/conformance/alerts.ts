import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openStage, type ServiceName, type Stage } from "../apart/stage.ts";
import { idsBelow } from "../chaos/verify.ts";
import type { Victim } from "../chaos/victim.ts";
import type { NamedOptions } from "../run-named.ts";
import { repository } from "../system/pipeline.ts";
import { postForm } from "../system/submit.ts";
import { fasterRules } from "./faster-rules.ts";
import { hasPrometheus, type Prometheus, startPrometheus } from "./prometheus.ts";

/** A quarter of an hour in half a minute. */
const FACTOR = 30;
const FIRES_WITHIN_MS = 180_000;
const ENDS_WITHIN_MS = 300_000;
const CLIENTS = 8;

/** What makes alerts fire, and what ends them. */
interface Fault {
  readonly says: string;
  readonly alerts: readonly string[];
  make(stage: Stage): Promise<void>;
  /** Done again and again while alerts are waited for. */
  meanwhile?(stage: Stage): Promise<void>;
  mend(stage: Stage): Promise<void>;
}

const victimOf = (stage: Stage, service: ServiceName): Victim =>
  stage.parts.find((part) => part.service === service)!.victim;
const serverOf = (stage: Stage, server: keyof Stage["servers"]) => stage.servers[server].victims[0] as Victim;

async function send(stage: Stage, count: number): Promise<void> {
  const annotations = { ProductName: "Alarm", Version: "1.0" };
  const dumps = { upload_file_minidump: Buffer.from("no dump") };
  let left = count;
  const client = async () => {
    while (left-- > 0) await postForm(stage.urls("collector")[0]!, annotations, dumps).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

const faults: readonly Fault[] = [
  {
    says: "the webapp is killed",
    alerts: ["MaydayServiceDown"],
    make: (stage) => victimOf(stage, "webapp").end("SIGKILL"),
    mend: (stage) => victimOf(stage, "webapp").start(),
  },
  {
    says: "the scheduler is killed",
    alerts: ["MaydayQueueBlind"],
    make: (stage) => victimOf(stage, "scheduler").end("SIGKILL"),
    mend: (stage) => victimOf(stage, "scheduler").start(),
  },
  {
    says: "the webapp stands still for most of each second",
    alerts: ["MaydayEventLoopLate"],
    make: async () => undefined,
    async meanwhile(stage) {
      for (let time = 0; time < 3; time++) {
        await victimOf(stage, "webapp").pause(700);
        await sleep(300);
      }
    },
    mend: async () => undefined,
  },
  {
    says: "the webapp starts with 4.2 GB that it never lets go",
    alerts: ["MaydayMemoryHigh"],
    async make(stage) {
      await victimOf(stage, "webapp").end("SIGTERM");
      const keeps = "data:text/javascript,globalThis.kept=Buffer.alloc(4.2e9,1)";
      await victimOf(stage, "webapp").start({ NODE_OPTIONS: `--import=${keeps}` });
    },
    async mend(stage) {
      await victimOf(stage, "webapp").end("SIGTERM");
      await victimOf(stage, "webapp").start();
    },
  },
  {
    says: "the processor is killed, reports come",
    alerts: ["MaydayQueueOld"],
    async make(stage) {
      await victimOf(stage, "processor").end("SIGKILL");
      await send(stage, 10);
    },
    mend: (stage) => victimOf(stage, "processor").start(),
  },
  {
    says: "stored reports are damaged while the processor stands still",
    alerts: ["MaydayJobsFail"],
    make: async () => undefined,
    async meanwhile(stage) {
      const standing = victimOf(stage, "processor").pause(8000);
      const before = await idsBelow(stage.store, "v1/raw_crash/");
      await send(stage, 5);
      await sleep(2000);
      for await (const { key } of stage.store.list("v1/raw_crash/"))
        if (!before.has(key.split("/").at(-1)!)) await stage.store.put(key, Buffer.from("{damaged"));
      await standing;
      await sleep(5000);
    },
    mend: async () => undefined,
  },
  {
    says: "the indexer stands still again and again, for longer than searches may be late",
    alerts: ["MaydaySearchableLate"],
    make: async () => undefined,
    async meanwhile(stage) {
      // Killed, its counters would begin at 0, and come to the same figures unseen.
      const standing = victimOf(stage, "indexer").pause(22_000);
      await send(stage, 20);
      await standing;
      await sleep(2000);
    },
    mend: async () => undefined,
  },
  {
    says: "Redis loses all it has while 150 reports wait in it",
    alerts: ["MaydaySweepsRepair"],
    async make(stage) {
      await victimOf(stage, "processor").end("SIGTERM");
      await send(stage, 150);
      await sleep(3000);
      await stage.servers.redis.lose();
      await victimOf(stage, "processor").start();
    },
    mend: async () => undefined,
  },
  {
    says: "Redis is killed",
    alerts: ["MaydayRedisErrors"],
    make: (stage) => serverOf(stage, "redis").end("SIGKILL"),
    mend: (stage) => serverOf(stage, "redis").start(),
  },
  {
    says: "the search engine is killed, reports and searches come",
    alerts: ["MaydaySearchFails"],
    make: (stage) => serverOf(stage, "search").end("SIGKILL"),
    async meanwhile(stage) {
      await send(stage, 2);
      await fetch(`${stage.urls("webapp")[0]}/api/SuperSearch/?_results_number=0`).catch(() => undefined);
      await sleep(200);
    },
    mend: (stage) => serverOf(stage, "search").start(),
  },
  {
    says: "the store is killed, 1100 reports come",
    alerts: ["MaydayStoreFails", "MaydayJournalGrows", "MaydayScheduledWorkFails"],
    async make(stage) {
      await serverOf(stage, "store").end("SIGKILL");
      await send(stage, 1100);
    },
    mend: (stage) => serverOf(stage, "store").start(),
  },
  {
    says: "the store is killed, and the journal has no room",
    alerts: ["MaydayReportsFail"],
    async make(stage) {
      await serverOf(stage, "store").end("SIGKILL");
      await victimOf(stage, "collector").end("SIGTERM");
      await victimOf(stage, "collector").start({ COLLECTOR_JOURNAL_MAX_MB: "1" });
    },
    async meanwhile(stage) {
      const form = { upload_file_minidump: Buffer.alloc(600_000, "x") };
      await postForm(stage.urls("collector")[0]!, { ProductName: "Alarm" }, form).catch(() => undefined);
    },
    async mend(stage) {
      await serverOf(stage, "store").start();
      await victimOf(stage, "collector").end("SIGTERM");
      await victimOf(stage, "collector").start();
    },
  },
];

/**
 * Makes the fault of each alert while Prometheus watches with the shipped rules, their times shortened: it fires, and ends.
 * `--only` names alerts, separated by commas, whose faults alone are made.
 */
export async function alerts({ only }: NamedOptions): Promise<boolean> {
  if (!hasPrometheus()) return false;
  const folder = mkdtempSync(join(tmpdir(), "mayday-alerts-"));
  const rules = fasterRules(readFileSync(join(repository, "infra/prometheus/rules.yml"), "utf8"), FACTOR);
  const file = join(folder, "rules.yml");
  writeFileSync(file, JSON.stringify(rules));
  const all = rules.groups.flatMap((group) => group.rules.flatMap(({ alert }) => alert ?? []));
  const stage = await openStage(folder, {
    store: "s3",
    redis: "alone",
    counts: { collector: 1, processor: 1, indexer: 1, webapp: 1 },
  });
  let prometheus: Prometheus | undefined;
  try {
    const targets = stage.parts.map(({ service, url }) => ({ service, host: new URL(url).host }));
    prometheus = await startPrometheus(folder, targets, file);
    await send(stage, 5);
    const made = new Set(faults.flatMap((fault) => fault.alerts));
    const forgotten = all.filter((name) => !made.has(name));
    let isGood = forgotten.length === 0;
    if (!isGood) console.log(`  no fault for ${forgotten.join(", ")}`);
    console.log(`  times of the rules are shortened by ${FACTOR}`);
    const isAsked = (fault: Fault) => only?.split(",").some((name) => fault.alerts.includes(name)) ?? true;
    for (const fault of faults.filter(isAsked)) isGood = (await tryFault(fault, stage, prometheus)) && isGood;
    return isGood;
  } finally {
    await prometheus?.stop();
    await stage.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function tryFault(fault: Fault, stage: Stage, prometheus: Prometheus): Promise<boolean> {
  await calm(prometheus, fault.alerts);
  const began = Date.now();
  const fired = new Map<string, number>();
  const making = fault.make(stage);
  let isWaiting = true;
  const again = async () => {
    await making;
    while (isWaiting && fault.meanwhile !== undefined) await fault.meanwhile(stage);
  };
  const repeating = again();
  while (fired.size < fault.alerts.length && Date.now() - began < FIRES_WITHIN_MS) {
    const firing = await prometheus.firing();
    for (const name of fault.alerts)
      if (firing.has(name) && !fired.has(name)) fired.set(name, Date.now() - began);
    await sleep(500);
  }
  isWaiting = false;
  await repeating;
  await fault.mend(stage);
  const mended = Date.now();
  const ended = new Map<string, number>();
  while (ended.size < fired.size && Date.now() - mended < ENDS_WITHIN_MS) {
    const firing = await prometheus.firing();
    for (const name of fired.keys())
      if (!firing.has(name) && !ended.has(name)) ended.set(name, Date.now() - mended);
    await sleep(500);
  }
  const seconds = (ms: number | undefined) =>
    ms === undefined ? "NOT" : `after ${(ms / 1000).toFixed(0)} s`;
  for (const name of fault.alerts)
    console.log(
      `  ${name.padEnd(24)} fired ${seconds(fired.get(name))}, ended ${seconds(ended.get(name))} when mended: ${fault.says}`,
    );
  return ended.size === fault.alerts.length;
}

/** Alerts of an earlier fault may fire still; those of the next are not to. */
async function calm(prometheus: Prometheus, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  while (Date.now() < deadline) {
    const firing = await prometheus.firing();
    if (!names.some((name) => firing.has(name))) return;
    await sleep(500);
  }
}
