/** A day's load, scaled by `--share`, as fast as it goes or within `--minutes`: figures, and that nothing was lost. */
import { existsSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { mulberry32 } from "../mulberry32.ts";
import { movedPings, postPing } from "../real/moved-pings.ts";
import { shared } from "../real/shared-data.ts";
import { eventually, repository } from "../system/pipeline.ts";
import { postForm } from "../system/submit.ts";
import { arrivalAt, PINGS, REPORTS, reportOf } from "./load.ts";
import { planText } from "./plan.ts";
import { apartTarget, wholeTarget } from "./target.ts";

/** At once; at a pace of its own a day waits for nobody, and more are needed. */
const CLIENTS = 16;
const PACED_CLIENTS = 256;
const PROCESS_LIMIT_MS = 4 * 3_600_000;

const { values } = parseArgs({
  options: {
    share: { type: "string", default: "0.01" },
    minutes: { type: "string" },
    apart: { type: "boolean", default: false },
    kinds: { type: "string", default: "reports,pings" },
    seed: { type: "string", default: "1" },
    plan: { type: "boolean", default: false },
  },
});
if (values.plan) {
  console.log(planText());
  process.exit(0);
}
const share = Number(values.share);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
if (!(share > 0 && share <= 1) || (minutes !== undefined && !(minutes > 0))) {
  console.error(
    "usage: npm run day [-- --share 0.01] [--minutes 14.4] [--apart] [--kinds reports,pings] [--seed 1], or --plan; the share is from above 0 up to 1, and is sent within the minutes, as fast as it goes where none are said",
  );
  process.exit(2);
}

const kinds = values.kinds.split(",");
const reports = kinds.includes("reports") ? Math.round(REPORTS * share) : 0;
const firefox = join(shared, "firefox-esr-153");
const hasPings = kinds.includes("pings") && existsSync(firefox);
if (!existsSync(firefox)) console.log("no pings: Firefox's recorded one is not here");
const pings = hasPings ? Math.round(PINGS * share) : 0;
const random = mulberry32(Number(values.seed));
const symbolSources = [join(repository, "fixtures/symbols"), ...(hasPings ? [join(firefox, "symbols")] : [])];
const target = await (values.apart ? apartTarget : wholeTarget)(symbolSources);
let isPassed = false;
try {
  isPassed = await day();
} finally {
  await target.end();
}
process.exit(isPassed ? 0 : 1);

/** Symcaches are built and hot code is compiled before costs of parts are measured. */
async function warmUp(): Promise<Counts> {
  const some = { reports: Math.ceil(reports / 5), pings: Math.ceil(pings / 5) };
  const { kept } = await send(some, undefined);
  await untilFound("report", kept.length);
  await untilFound("ping", some.pings);
  return { reports: kept.length, pings: some.pings };
}

async function day(): Promise<boolean> {
  const before = values.apart ? await warmUp() : { reports: 0, pings: 0 };
  const cpuAtStart = target.cpu();
  const began = performance.now();
  const sent = await send({ reports, pings }, minutes);
  const { kept, reportMs, pingMs } = sent;
  const seconds = () => (performance.now() - began) / 1000;
  const submitted = seconds();
  const found = await untilFound("report", before.reports + kept.length);
  const wall = seconds();
  const foundPings = await untilFound("ping", before.pings + pings);
  const withPings = seconds();
  const cpu = [...target.cpu()].map(([part, ms]) => [part, ms - cpuAtStart.get(part)!] as const);
  const lost = await missing(kept);
  const late = await searchableQuantiles();
  const clients = minutes === undefined ? `${CLIENTS} clients` : `within ${minutes} min`;
  const all = reports + pings;
  console.log(
    `day: ${reports} reports, ${pings} pings (share ${share}), ${(sent.bytes / 1e6).toFixed(0)} MB, ${clients}`,
  );
  console.log(
    `  kept ${kept.length} reports (${((100 * kept.length) / Math.max(1, reports)).toFixed(1)} %), discarded ${sent.discarded}`,
  );
  console.log(
    `  submitted in ${submitted.toFixed(1)} s (${(all / submitted).toFixed(0)}/s), reports searchable in ${wall.toFixed(1)} s, pings in ${withPings.toFixed(1)} s`,
  );
  for (const [part, ms] of cpu)
    console.log(
      `  processor time of ${part}: ${(ms / 1000).toFixed(1)} s, ${(ms / 10 / withPings).toFixed(0)} % of a core, ${(ms / all).toFixed(2)} ms each`,
    );
  console.log(`  memory at its highest ${target.peakMb()} MiB, disk ${target.diskMb().toFixed(0)} MB`);
  if (reports > 0) console.log(`  reports answered in ${quantiles(reportMs)}`);
  if (pings > 0) console.log(`  pings answered in ${quantiles(pingMs)}`);
  console.log(`  searchable after: ${late}`);
  console.log(
    `  lost ${lost}; found by search ${found} of ${before.reports + kept.length} reports, ${foundPings} of ${before.pings + pings} pings`,
  );
  if (minutes === undefined)
    console.log(`  the day at this pace: ${(withPings / share / 3600).toFixed(2)} h`);
  return lost === 0 && found === before.reports + kept.length && foundPings === before.pings + pings;
}

interface Counts {
  readonly reports: number;
  readonly pings: number;
}

interface Sent {
  readonly kept: string[];
  /** How long answers took: as fast as it goes from when a request was sent, else from when it was due. */
  readonly reportMs: number[];
  readonly pingMs: number[];
  discarded: number;
  bytes: number;
}

/** Sends the reports with pings evenly between them, within `within` minutes where they are said. */
async function send(counts: Counts, within: number | undefined): Promise<Sent> {
  const began = performance.now();
  const sent: Sent = { kept: [], reportMs: [], pingMs: [], discarded: 0, bytes: 0 };
  const all = counts.reports + counts.pings;
  const anotherPing = hasPings ? movedPings(firefox, random) : undefined;
  const agent = new Agent({ keepAlive: true });
  const reportsBelow = (number: number) => Math.floor((number * counts.reports) / all);
  let next = 0;
  const client = async () => {
    while (next < all) {
      const number = next++;
      const isReport = reportsBelow(number + 1) > reportsBelow(number);
      const due = began + arrivalAt(number / all) * (within ?? 0) * 60_000;
      if (within !== undefined) await sleep(Math.max(0, due - performance.now()));
      const from = within === undefined ? performance.now() : due;
      if (isReport) await sendReport(sent);
      else {
        const ping = anotherPing!();
        sent.bytes += ping.body.length;
        await postPing(agent, target.collector, ping);
      }
      (isReport ? sent.reportMs : sent.pingMs).push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: within === undefined ? CLIENTS : PACED_CLIENTS }, client));
  agent.destroy();
  return sent;
}

async function sendReport(sent: Sent): Promise<void> {
  const { annotations, dump } = reportOf(random);
  sent.bytes += dump.length;
  const { text } = await postForm(target.collector, annotations, { upload_file_minidump: dump });
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
      const answer = await fetch(`${target.webapp}/api/SuperSearch/?_results_number=0&source=${source}`);
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
    const answer = await fetch(`${target.webapp}/api/ProcessedCrash/?crash_id=${id}`);
    await answer.body?.cancel();
    if (!answer.ok) lost++;
  }
  return lost;
}

/** From submission to search: upper bounds of quantiles, from the indexer's histogram. */
async function searchableQuantiles(): Promise<string> {
  const text = await (await fetch(`${target.indexer}/metrics`)).text();
  const buckets = [...text.matchAll(/^indexer_searchable_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)];
  const all = Number(buckets.at(-1)?.[2] ?? 0);
  const within = (part: number) => buckets.find(([, , count]) => Number(count) >= part * all)?.[1] ?? "?";
  return `at most ${within(0.5)} s p50, ${within(0.95)} s p95, ${within(0.99)} s p99`;
}
