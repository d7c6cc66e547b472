import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCrashJobs, createPublisher } from "@mayday/queue";
import { mulberry32 } from "../../mulberry32.ts";
import type { StageStore } from "../stage.ts";
import { idsBelow, untilJobsEnd, untilNone } from "../verify.ts";
import { plant, poisonKinds } from "./poison.ts";
import { openProcessorStage, type ProcessorStage } from "./processor-stage.ts";
import { reports, submit } from "./reports.ts";

export interface ProcessorPartOptions {
  readonly crashes: number;
  /** Of each victim. */
  readonly kills: number;
  readonly seed: number;
  readonly folder: string;
  readonly store: StageStore;
}

const CLIENTS = 8;
const POISON = 20;
const LONGEST_GAP_MS = 800;
/** Longer than a job's lock lasts: another processor takes the job meanwhile. */
const LONGEST_PAUSE_MS = 12_000;
const LIMIT_MS = 45 * 60_000;
/** Redis loses all it has when so much of the crashes was submitted; what is poisoned comes after. */
const WIPED_AT = 0.3;
const PLANTED_FROM = 0.4;

/**
 * Processors, Redis, the symbol source and the store are killed and paused while crashes are processed, some of them
 * poisoned: all others are processed, and visible once; what is set aside is what was planted.
 */
export async function processorPart(options: ProcessorPartOptions): Promise<boolean> {
  const { crashes, kills, seed, folder, store } = options;
  console.log(`chaos: ${crashes} crashes, ${POISON} of them poisoned (${poisonKinds.join("; ")})`);
  console.log(`  each victim killed ${kills} times and paused as often; store: ${store.kind}; seed ${seed}`);
  const stage = await openProcessorStage(folder, store);
  let isPassed = false;
  try {
    isPassed = await run(stage, options);
  } finally {
    await stage.end();
    if (!isPassed) console.log(`  data and logs are kept in ${folder}`);
  }
  console.log(isPassed ? `passed; seed ${seed}` : `FAILED; again with --part processor --seed ${seed}`);
  return isPassed;
}

async function run(stage: ProcessorStage, options: ProcessorPartOptions): Promise<boolean> {
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  const random = mulberry32(options.seed);
  const blows = new Blows(stage, options, mulberry32(options.seed + 1));
  const planted: string[] = [];
  let isWiped = false;
  const sent = await submitAll(stage.collector, options.crashes - POISON, random, async (done) => {
    const share = done / options.crashes;
    if (share >= WIPED_AT && !isWiped) {
      isWiped = true;
      await blows.exclusively(stage.redis, () => wipe(stage));
      console.log(`  Redis lost all it had after ${done} crashes (${seconds()} s)`);
    }
    const due = share < PLANTED_FROM ? 0 : Math.ceil(((share - PLANTED_FROM) / (1 - PLANTED_FROM)) * POISON);
    while (planted.length < Math.min(due, POISON)) planted.push(await plantPatiently(stage, planted.length));
    blows.fall(done);
  });
  while (planted.length < POISON) planted.push(await plantPatiently(stage, planted.length));
  await blows.done();
  const told = stage.victims.map(({ name, kills, pauses }) => `${name} ${kills}/${pauses}`).join(", ");
  console.log(
    `  ${sent.length} submitted, ${planted.length} planted in ${seconds()} s; killed/paused: ${told}`,
  );
  return (await verify(stage, [...sent, ...planted], new Set(planted), seconds)) && isWiped;
}

async function submitAll(
  collector: string,
  count: number,
  random: () => number,
  onSent: (done: number) => Promise<void>,
): Promise<string[]> {
  const kinds = reports();
  const ids: string[] = [];
  let next = 0;
  let telling = Promise.resolve();
  const client = async () => {
    while (next < count) {
      const report = kinds[next++ % kinds.length]!(random);
      ids.push(await submit(collector, report));
      const done = ids.length;
      telling = telling.then(() => onSent(done));
      await telling;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return ids;
}

/** The store may be down right now. */
async function plantPatiently({ store }: ProcessorStage, number: number): Promise<string> {
  const uuid = `000000${(16 + number).toString(16)}-0000-4000-8000-000000000000`;
  for (;;) {
    const id = await plant(store, number, uuid).catch(() => undefined);
    if (id !== undefined) return id;
    await sleep(200);
  }
}

async function wipe({ redis, redisFolder }: ProcessorStage): Promise<void> {
  await redis.end("SIGKILL");
  for (const name of readdirSync(redisFolder)) rmSync(join(redisFolder, name), { recursive: true });
  await redis.start();
}

/** Kills and pauses of all victims, at moments that the seed chooses, spread over the crashes as they are submitted. */
class Blows {
  readonly #plan: { at: number; victim: ProcessorStage["victims"][number]; blow: () => Promise<void> }[];
  readonly #last = new Map<unknown, Promise<void>>();
  #error: unknown;

  constructor({ victims }: ProcessorStage, { crashes, kills }: ProcessorPartOptions, random: () => number) {
    this.#plan = victims
      .flatMap((victim) =>
        Array.from({ length: 2 * kills }, (_, number) => {
          const at = Math.floor(((number + random()) / (2 * kills)) * crashes);
          const ms = random();
          const blow =
            number % 2 === 0
              ? () => victim.killAndRestart(ms * LONGEST_GAP_MS)
              : () => victim.pause(ms * ms * LONGEST_PAUSE_MS);
          return { at, victim, blow };
        }),
      )
      .sort((a, b) => a.at - b.at);
  }

  /** Strikes whoever is due. One that is being started again is struck after that. */
  fall(count: number): void {
    while (this.#plan[0] !== undefined && this.#plan[0].at < count) {
      const { victim, blow } = this.#plan.shift()!;
      void this.exclusively(victim, blow);
    }
  }

  exclusively(victim: unknown, work: () => Promise<void>): Promise<void> {
    const earlier = this.#last.get(victim) ?? Promise.resolve();
    const later = earlier.then(work).catch((error) => {
      this.#error = error;
    });
    this.#last.set(victim, later);
    return later;
  }

  async done(): Promise<void> {
    await Promise.all(this.#last.values());
    if (this.#error !== undefined) throw this.#error;
  }
}

async function verify(
  { store, webapp, redisUrl }: ProcessorStage,
  ids: readonly string[],
  planted: ReadonlySet<string>,
  seconds: () => string,
): Promise<boolean> {
  const unprocessed = await untilNone("to be processed", LIMIT_MS, async () => {
    const processed = await idsBelow(store, "v1/processed_crash/");
    return ids.filter((id) => !processed.has(id)).length;
  });
  console.log(`  ${new Set(ids).size} distinct ids, ${unprocessed} not processed (${seconds()} s)`);
  const jobs = createCrashJobs(redisUrl, () => undefined);
  const publisher = createPublisher(redisUrl, () => undefined);
  try {
    const stuck = await untilJobsEnd(publisher, LIMIT_MS);
    const setAside = new Set((await jobs.setAside()).map(({ crashId }): string => crashId));
    const wrong = [...setAside].filter((id) => !planted.has(id)).length;
    const missing = [...planted].filter((id) => !setAside.has(id)).length;
    console.log(
      `  ${stuck} jobs stuck; set aside: ${setAside.size}, ${wrong} of them good, ${missing} planted ones missing`,
    );
    const { visible, distinct } = await visibleOf(webapp, ids.length);
    console.log(`  ${visible} visible in the search, ${distinct} of them distinct (${seconds()} s)`);
    const isWhole = unprocessed === 0 && stuck === 0 && visible === ids.length && distinct === ids.length;
    return isWhole && wrong === 0 && missing === 0;
  } finally {
    await Promise.all([jobs.close(), publisher.close()]);
  }
}

async function visibleOf(webapp: string, wanted: number): Promise<{ visible: number; distinct: number }> {
  let found = { visible: 0, distinct: 0 };
  await untilNone("to be visible", LIMIT_MS, async () => {
    const address = `${webapp}/api/SuperSearch/?_results_number=0&_facets=_cardinality.uuid`;
    const { total, facets } = (await (await fetch(address)).json()) as any;
    found = { visible: total, distinct: facets?.cardinality_uuid?.value ?? 0 };
    return Math.abs(wanted - total);
  });
  return found;
}
