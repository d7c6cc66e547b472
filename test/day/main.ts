/** A day's load, scaled by `--share`, as fast as it goes or within `--minutes`: figures, and that nothing was lost. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { cpuOf } from "../bench/collector/cpu.ts";
import { mulberry32 } from "../mulberry32.ts";
import { movedPings, postPing } from "../real/moved-pings.ts";
import { shared } from "../real/shared-data.ts";
import { dataFolder, eventually, repository, startPipeline } from "../system/pipeline.ts";
import { postForm } from "../system/submit.ts";
import { arrivalAt, PINGS, REPORTS, reportOf } from "./load.ts";

/** At once; at a pace of its own a day waits for nobody, and more are needed. */
const CLIENTS = 16;
const PACED_CLIENTS = 256;
const PROCESS_LIMIT_MS = 4 * 3_600_000;

const { values } = parseArgs({
  options: {
    share: { type: "string", default: "0.01" },
    minutes: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const share = Number(values.share);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
if (!(share > 0 && share <= 1) || (minutes !== undefined && !(minutes > 0))) {
  console.error(
    "usage: npm run day [-- --share 0.01] [--minutes 14.4] [--seed 1]; the share is from above 0 up to 1, and is sent within the minutes, as fast as it goes where none are said",
  );
  process.exit(2);
}

const reports = Math.round(REPORTS * share);
const firefox = join(shared, "firefox-esr-153");
const hasPings = existsSync(firefox);
if (!hasPings) console.log("no pings: Firefox's recorded one is not here");
const pings = hasPings ? Math.round(PINGS * share) : 0;
const random = mulberry32(Number(values.seed));
const data = await dataFolder();
const indexerPort = await freePort();
const pipeline = await startPipeline(data.path, {
  COLLECTOR_THROTTLE_RULES: "mozilla",
  INDEXER_PORT: String(indexerPort),
  WEBAPP_RATE_ANONYMOUS: "0",
  SYMBOL_SOURCES: [
    join(repository, "fixtures/symbols"),
    ...(hasPings ? [join(firefox, "symbols")] : []),
  ].join(),
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
  const cpuAtStart = cpuOf(pipeline.pid);
  const sent = await send(began);
  const { kept, reportMs, pingMs } = sent;
  const seconds = () => (performance.now() - began) / 1000;
  const submitted = seconds();
  const found = await untilFound("report", kept.length);
  const wall = seconds();
  const foundPings = await untilFound("ping", pings);
  const withPings = seconds();
  const cpu = (cpuOf(pipeline.pid) - cpuAtStart) / 1000;
  const lost = await missing(kept);
  const late = await searchableQuantiles();
  const clients = minutes === undefined ? `${CLIENTS} clients` : `within ${minutes} min`;
  const all = reports + pings;
  console.log(
    `day: ${reports} reports, ${pings} pings (share ${share}), ${(sent.bytes / 1e6).toFixed(0)} MB, ${clients}`,
  );
  console.log(
    `  kept ${kept.length} reports (${((100 * kept.length) / reports).toFixed(1)} %), discarded ${sent.discarded}`,
  );
  console.log(
    `  submitted in ${submitted.toFixed(1)} s (${(all / submitted).toFixed(0)}/s), reports searchable in ${wall.toFixed(1)} s, pings in ${withPings.toFixed(1)} s`,
  );
  console.log(
    `  the pipeline's processor time, Redis' too: ${cpu.toFixed(1)} s, ${((100 * cpu) / withPings).toFixed(0)} % of a core`,
  );
  console.log(`  memory at its highest ${peakMb()} MiB, disk ${(sizeOf(data.path) / 1e6).toFixed(0)} MB`);
  console.log(`  reports answered in ${quantiles(reportMs)}`);
  if (pings > 0) console.log(`  pings answered in ${quantiles(pingMs)}`);
  console.log(`  searchable after: ${late}`);
  console.log(
    `  lost ${lost}; found by search ${found} of ${kept.length} reports, ${foundPings} of ${pings} pings`,
  );
  if (minutes === undefined)
    console.log(`  the day at this pace: ${(withPings / share / 3600).toFixed(2)} h`);
  return lost === 0 && found === kept.length && foundPings === pings;
}

interface Sent {
  readonly kept: string[];
  /** How long answers took: as fast as it goes from when a request was sent, else from when it was due. */
  readonly reportMs: number[];
  readonly pingMs: number[];
  discarded: number;
  bytes: number;
}

/** Sends the reports with pings evenly between them. */
async function send(began: number): Promise<Sent> {
  const sent: Sent = { kept: [], reportMs: [], pingMs: [], discarded: 0, bytes: 0 };
  const all = reports + pings;
  const anotherPing = hasPings ? movedPings(firefox, random) : undefined;
  const agent = new Agent({ keepAlive: true });
  const reportsBelow = (number: number) => Math.floor((number * reports) / all);
  let next = 0;
  const client = async () => {
    while (next < all) {
      const number = next++;
      const isReport = reportsBelow(number + 1) > reportsBelow(number);
      const due = began + arrivalAt(number / all) * (minutes ?? 0) * 60_000;
      if (minutes !== undefined) await sleep(Math.max(0, due - performance.now()));
      const from = minutes === undefined ? performance.now() : due;
      if (isReport) await sendReport(sent);
      else {
        const ping = anotherPing!();
        sent.bytes += ping.body.length;
        await postPing(agent, pipeline.collector, ping);
      }
      (isReport ? sent.reportMs : sent.pingMs).push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: minutes === undefined ? CLIENTS : PACED_CLIENTS }, client));
  agent.destroy();
  return sent;
}

async function sendReport(sent: Sent): Promise<void> {
  const { annotations, dump } = reportOf(random);
  sent.bytes += dump.length;
  const { text } = await postForm(pipeline.collector, annotations, { upload_file_minidump: dump });
  const id = /^CrashID=bp-(\S+)\n$/.exec(text)?.[1];
  if (id !== undefined) sent.kept.push(id);
  else if (text.startsWith("Discarded=rule_")) sent.discarded++;
  else throw new Error(`the collector answers ${text}`);
}

function quantiles(took: readonly number[]): string {
  const ordered = took.toSorted((a, b) => a - b);
  const at = (part: number) => ordered[Math.floor((ordered.length - 1) * part)]!.toFixed(0);
  return `${at(0.5)} ms p50, ${at(0.95)} ms p95, ${at(0.99)} ms p99`;
}

function untilFound(source: "report" | "ping", wanted: number): Promise<number> {
  return eventually(
    `all ${source}s that were kept can be searched`,
    async () => {
      const answer = await fetch(`${pipeline.webapp}/api/SuperSearch/?_results_number=0&source=${source}`);
      const { total } = (await answer.json()) as { total: number };
      return total >= wanted ? total : undefined;
    },
    PROCESS_LIMIT_MS,
  );
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
