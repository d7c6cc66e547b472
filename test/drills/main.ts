/** Restore drills: what is lost is brought back by the steps of docs/operate.md, and what cannot come back is told. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { mayday, submitAll, uploadSymbols, verify } from "../apart/load.ts";
import { openStage, type Part, type ServiceName, type Stage } from "../apart/stage.ts";
import { mulberry32 } from "../mulberry32.ts";
import { eventually } from "../system/pipeline.ts";
import { demoAnnotations, demoDump } from "../system/submit.ts";

const TOKEN = "drill";
/** Farther back than a sweep looks by itself, and than it looks after a restore. */
const DAYS_AGO = [1, 40];
const DAY_MS = 86_400_000;
const LIMIT_MS = 120_000;

const { values } = parseArgs({
  options: {
    crashes: { type: "string", default: "200" },
    only: { type: "string", default: "redis,index,store,database" },
    seed: { type: "string", default: "1" },
  },
});
const crashes = Number(values.crashes);
const random = mulberry32(Number(values.seed));
const started = Date.now();
const seconds = () => ((Date.now() - started) / 1000).toFixed(0);

/** A drill: what is lost, and what is done about it. It gives what came of it besides what `verify` looks at. */
type Drill = (stage: Stage, ids: string[]) => Promise<readonly string[]>;

const drills: Readonly<Record<string, Drill>> = {
  /** Nothing is done: a Redis that is empty is filled again by the sweep. */
  async redis(stage, ids) {
    const arriving = submitAll(stage.urls("collector"), crashes / 4, random);
    await stage.servers.redis.lose();
    ids.push(...(await arriving).ids);
    return ["not back: sessions, bulk jobs that were not done, the queues' history, rate limits' counts"];
  },

  /** `mayday index rebuild`, while everything runs. */
  async index(stage) {
    await stage.servers.search.lose();
    return [mayday(stage, ["index", "rebuild"])];
  },

  /** A sweep that reaches further back: SCHEDULER_SWEEP_DAYS of the scheduler, once. */
  async store(stage, ids) {
    const before = await runsOf(stage, ids[0]!);
    const lost: string[] = [];
    for await (const { key } of stage.store.list("v1/processed_crash/")) lost.push(key);
    await stage.store.delete(lost);
    await restart(stage, "scheduler", { SCHEDULER_SWEEP_DAYS: "366" });
    const after = await eventually("a crash is processed again", () => runsOf(stage, ids[0]!), LIMIT_MS);
    await restart(stage, "scheduler");
    return [
      `${lost.length} processed crashes were lost`,
      `not back: notes of earlier processings (${ids[0]}: ${before} before, ${after} after)`,
    ];
  },

  /** A dump is restored into a new database; services are started again. */
  async database(stage) {
    const url = stage.environment["DATABASE_URL"]!;
    const firstDates = await firstDate(stage);
    const kept = mayday(stage, ["tokens", "create", "--permissions", "view_pii", "--days", "1"]);
    const dump = run("pg_dump", ["--format=custom", "--file", join(folder, "records.dump"), url]);
    const late = mayday(stage, ["tokens", "create", "--permissions", "view_pii", "--days", "1"]);
    await stage.servers.database.lose();
    run("pg_restore", ["--no-owner", "--dbname", url, join(folder, "records.dump")]);
    for (const service of ["symbols", "processor", "scheduler", "webapp"] as const)
      await restart(stage, service);
    const [isKept, isLate] = [await isGood(stage, kept), await isGood(stage, late)];
    const again = await firstDate(stage);
    if (!isKept) throw new Error("a token of before the dump is not good");
    if (again === undefined || again !== firstDates)
      throw new Error(`first date ${again} instead of ${firstDates}`);
    return [
      `${dump}a token of before the dump is good; the first date is ${again} as before`,
      `not back: what was written after the dump (a token of then is ${isLate ? "good" : "no longer good"})`,
    ];
  },
};

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return stdout;
}

async function restart(
  stage: Stage,
  service: ServiceName,
  settings: Record<string, string> = {},
): Promise<void> {
  const isOf = (part: Part) => part.service === service;
  for (const { victim } of stage.parts.filter(isOf)) {
    await victim.end("SIGTERM");
    await victim.start(settings);
  }
}

/** How many processings a crash remembers; undefined while it has no processed crash. */
async function runsOf(stage: Stage, id: string): Promise<number | undefined> {
  const answer = await fetch(`${stage.urls("webapp")[0]}/api/ProcessedCrash/?crash_id=${id}`);
  const { processing_history: runs } = (await answer.json()) as { processing_history?: unknown[] };
  return answer.ok ? runs?.length : undefined;
}

async function firstDate(stage: Stage): Promise<string | undefined> {
  const query = `signatures=${encodeURIComponent("teapot::Texture::index_of")}`;
  const answer = await fetch(`${stage.urls("webapp")[0]}/api/SignatureFirstDate/?${query}`);
  return ((await answer.json()) as { hits: { first_date: string }[] }).hits[0]?.first_date;
}

/** Whether a token is known: one that is not is refused, whatever is asked. */
async function isGood(stage: Stage, token: string): Promise<boolean> {
  const address = `${stage.urls("webapp")[0]}/api/SuperSearch/?_results_number=0`;
  return (await fetch(address, { headers: { "auth-token": token } })).ok;
}

/** Crashes of earlier days, as a resubmitter brings them. */
async function submitOld(stage: Stage): Promise<string[]> {
  const ids: string[] = [];
  for (const days of DAYS_AGO) {
    const day = new Date(Date.now() - days * DAY_MS).toISOString().slice(2, 10).replaceAll("-", "");
    for (let number = 0; number < 10; number++) {
      const uuid = `${days.toString(16).padStart(8, "0")}-0000-4000-8000-${String(number).padStart(5, "0")}0${day}`;
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...demoAnnotations(), uuid })) form.set(name, value);
      form.set("upload_file_minidump", new Blob([demoDump() as Uint8Array<ArrayBuffer>]), "x.dmp");
      const headers = { authorization: `Bearer ${TOKEN}` };
      const answer = await fetch(`${stage.urls("collector")[0]}/submit`, {
        method: "POST",
        body: form,
        headers,
      });
      const text = await answer.text();
      if (text !== `CrashID=bp-${uuid}\n`) throw new Error(`the collector answers ${text}`);
      ids.push(uuid);
    }
  }
  return ids;
}

async function all(stage: Stage): Promise<boolean> {
  uploadSymbols(stage);
  const ids = [
    ...(await submitOld(stage)),
    ...(await submitAll(stage.urls("collector"), crashes, random)).ids,
  ];
  if (!(await verify(stage, ids, seconds))) return false;
  // Signatures are learned at a start.
  await restart(stage, "scheduler");
  await eventually("the signature's first date is known", () => firstDate(stage), LIMIT_MS);
  let isPassed = true;
  for (const name of values.only.split(",")) {
    const drill = drills[name];
    if (drill === undefined) throw new Error(`there is no drill ${name}`);
    console.log(`drill: ${name} is lost (${seconds()} s)`);
    const said = await drill(stage, ids);
    const isBack = await verify(stage, ids, seconds);
    for (const line of said) console.log(`  ${line}`);
    console.log(`  ${isBack ? "everything is back" : "NOT everything is back"} (${seconds()} s)`);
    isPassed &&= isBack;
  }
  return isPassed;
}

const folder = mkdtempSync(join(tmpdir(), "mayday-drills-"));
const stage = await openStage(folder, {
  store: "s3",
  redis: "alone",
  counts: { collector: 1, processor: 1, indexer: 1, webapp: 1 },
  settings: { collector: { COLLECTOR_RESUBMITTER_TOKEN: TOKEN } },
});
let isPassed = false;
try {
  isPassed = await all(stage);
} finally {
  await stage.end();
  if (isPassed) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  else console.log(`  data and logs are kept in ${folder}`);
}
console.log(isPassed ? "drills passed" : "drills FAILED");
process.exit(isPassed ? 0 : 1);
