import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type CrashId, parseCrashId } from "@mayday/crash";
import { createBulkJobs } from "@mayday/queue";
import { crashIdIn, dataFolder, eventually, type Pipeline, startPipeline } from "../system/pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "../system/submit.ts";

/** Crashes that are reprocessed in bulk; more ids, of crashes that are not stored, wait behind them. */
const STORED = 1000;
const WAITING = 20_000;
const LIVE = 200;
const CLIENTS = 8;
const LIVE_EVERY_MS = 100;

/** How long live crashes take from POST to searchable while a bulk job of 20,000 crashes is done. */
export async function bulk(): Promise<void> {
  const data = await dataFolder();
  const running = await startPipeline(data.path, { SYMBOL_SOURCES: demoSymbols });
  const jobs = createBulkJobs(join(data.path, "redis/redis.sock"), () => undefined);
  try {
    const stored = await submitAll(running, STORED);
    await searchable(running, stored);
    const others = Array.from({ length: WAITING - STORED }, (_, i) => unknownId(i));
    const job = await jobs.create({
      what: "bench",
      crashIds: [...stored, ...others],
      rate: 1000,
      start: true,
    });
    await eventually("bulk work goes on", async () =>
      (await jobs.get(job.id))!.done > 0 ? true : undefined,
    );
    const before = await jobs.get(job.id);
    const started = performance.now();
    const times: number[] = [];
    const live: Promise<void>[] = [];
    for (let i = 0; i < LIVE; i++) {
      live.push(timed(running).then((ms) => void times.push(ms)));
      await pause(LIVE_EVERY_MS);
    }
    await Promise.all(live);
    const seconds = (performance.now() - started) / 1000;
    const after = await jobs.get(job.id);
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.ceil(times.length * share) - 1]!.toFixed(0);
    console.log(
      `  ${LIVE} live crashes beside a bulk job of ${WAITING}: searchable after ${at(0.5)} ms (median), ${at(0.95)} ms (p95), ${at(1)} ms at most`,
    );
    console.log(
      `  bulk work meanwhile: ${((after!.done - before!.done) / seconds).toFixed(1)} crashes a second, ${after!.total - after!.done} left`,
    );
  } finally {
    await jobs.close();
    await running.end("SIGTERM");
    await data.remove();
  }
}

async function submit({ collector }: Pipeline): Promise<CrashId> {
  const { text } = await postForm(collector, demoAnnotations(), { upload_file_minidump: demoDump() });
  return parseCrashId(crashIdIn(text))!;
}

async function submitAll(running: Pipeline, count: number): Promise<CrashId[]> {
  const ids: CrashId[] = [];
  let left = count;
  const client = async () => {
    while (left-- > 0) ids.push(await submit(running));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return ids;
}

async function searchable({ webapp }: Pipeline, ids: readonly CrashId[]): Promise<void> {
  const search = `${webapp}/api/SuperSearch/?_results_number=0&_facets_size=0`;
  await eventually(
    "all crashes are searchable",
    async () => {
      const { total } = (await (await fetch(search)).json()) as { total: number };
      return total >= ids.length ? total : undefined;
    },
    120_000,
  );
}

/** From POST to searchable, ms. */
async function timed(running: Pipeline): Promise<number> {
  const started = performance.now();
  const id = await submit(running);
  const search = `${running.webapp}/api/SuperSearch/?uuid=${id}&_results_number=0&_facets_size=0`;
  await eventually(`crash ${id} is searchable`, async () => {
    const { total } = (await (await fetch(search)).json()) as { total: number };
    return total > 0 ? total : undefined;
  });
  return performance.now() - started;
}

function unknownId(number: number): CrashId {
  return parseCrashId(`${number.toString(16).padStart(8, "0")}-cbbf-4589-a673-34f800260820`)!;
}
