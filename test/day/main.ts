/** A day's load, scaled by `--share`, as fast as it goes: figures, and that nothing was lost. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { mulberry32 } from "../mulberry32.ts";
import { dataFolder, eventually, repository, startPipeline } from "../system/pipeline.ts";
import { postForm } from "../system/submit.ts";
import { reportOf } from "./load.ts";

const REPORTS = 420_000;
const CLIENTS = 16;
const PROCESS_LIMIT_MS = 4 * 3_600_000;

const { values } = parseArgs({
  options: { share: { type: "string", default: "0.01" }, seed: { type: "string", default: "1" } },
});
const share = Number(values.share);
if (!(share > 0 && share <= 1)) {
  console.error("usage: npm run day [-- --share 0.01] [--seed 1]; the share is from above 0 up to 1");
  process.exit(2);
}

const reports = Math.round(REPORTS * share);
const random = mulberry32(Number(values.seed));
const data = await dataFolder();
const indexerPort = await freePort();
const pipeline = await startPipeline(data.path, {
  COLLECTOR_THROTTLE_RULES: "mozilla",
  INDEXER_PORT: String(indexerPort),
  WEBAPP_RATE_ANONYMOUS: "0",
  SYMBOL_SOURCES: join(repository, "fixtures/symbols"),
});
let isPassed = false;
try {
  isPassed = await day();
} finally {
  await pipeline.end("SIGTERM");
  await data.remove();
}
process.exit(isPassed ? 0 : 1);

async function day(): Promise<boolean> {
  const began = performance.now();
  const cpuAtStart = cpuSeconds();
  const took: number[] = [];
  const kept: string[] = [];
  let discarded = 0;
  let bytes = 0;
  let next = 0;
  const client = async () => {
    while (next++ < reports) {
      const { annotations, dump } = reportOf(random);
      bytes += dump.length;
      const sent = performance.now();
      const { text } = await postForm(pipeline.collector, annotations, { upload_file_minidump: dump });
      took.push(performance.now() - sent);
      const id = /^CrashID=bp-(\S+)\n$/.exec(text)?.[1];
      if (id !== undefined) kept.push(id);
      else if (text.startsWith("Discarded=rule_")) discarded++;
      else throw new Error(`the collector answers ${text}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const submitted = (performance.now() - began) / 1000;
  const found = await eventually(
    "all that was kept can be searched",
    searchable(kept.length),
    PROCESS_LIMIT_MS,
  );
  const wall = (performance.now() - began) / 1000;
  const cpu = cpuSeconds() - cpuAtStart;
  const at = (part: number) =>
    took.toSorted((a, b) => a - b)[Math.floor((took.length - 1) * part)]!.toFixed(0);
  const lost = await missing(kept);
  const late = await searchableQuantiles();
  console.log(`day: ${reports} reports (share ${share}), ${(bytes / 1e6).toFixed(0)} MB, ${CLIENTS} clients`);
  console.log(
    `  kept ${kept.length} (${((100 * kept.length) / reports).toFixed(1)} %), discarded ${discarded}`,
  );
  console.log(
    `  submitted in ${submitted.toFixed(1)} s (${(reports / submitted).toFixed(0)}/s), searchable in ${wall.toFixed(1)} s`,
  );
  console.log(
    `  the pipeline's processor time ${cpu.toFixed(1)} s: ${((1000 * cpu) / reports).toFixed(2)} ms a report sent`,
  );
  console.log(`  memory at its highest ${peakMb()} MiB, disk ${(sizeOf(data.path) / 1e6).toFixed(0)} MB`);
  console.log(`  answered in ${at(0.5)} ms p50, ${at(0.95)} ms p95, ${at(0.99)} ms p99`);
  console.log(`  searchable after: ${late}`);
  console.log(`  lost ${lost}; found by search ${found} of ${kept.length}`);
  console.log(`  the day at this pace: ${(wall / share / 3600).toFixed(2)} h`);
  return lost === 0 && found === kept.length;
}

function searchable(wanted: number): () => Promise<number | undefined> {
  return async () => {
    const answer = await fetch(`${pipeline.webapp}/api/SuperSearch/?_results_number=0`);
    const { total } = (await answer.json()) as { total: number };
    return total >= wanted ? total : undefined;
  };
}

/** How many of the crashes have no processed crash. */
async function missing(ids: readonly string[]): Promise<number> {
  let lost = 0;
  for (const id of ids) {
    const answer = await fetch(`${pipeline.webapp}/api/ProcessedCrash/?crash_id=${id}`);
    await answer.body?.cancel();
    if (!answer.ok) lost++;
  }
  return lost;
}

/** From submission to search: upper bounds of quantiles, from the indexer's histogram. */
async function searchableQuantiles(): Promise<string> {
  const text = await (await fetch(`http://127.0.0.1:${indexerPort}/metrics`)).text();
  const buckets = [...text.matchAll(/^indexer_searchable_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)];
  const all = Number(buckets.at(-1)?.[2] ?? 0);
  const within = (part: number) => buckets.find(([, , count]) => Number(count) >= part * all)?.[1] ?? "?";
  return `at most ${within(0.5)} s p50, ${within(0.95)} s p95, ${within(0.99)} s p99`;
}

function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${pipeline.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function peakMb(): number {
  const status = readFileSync(`/proc/${pipeline.pid}/status`, "utf8");
  return Math.round(Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1]) / 1024);
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) =>
        sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}
