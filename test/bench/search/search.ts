import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDbEngine } from "../../../packages/search/src/duckdb/index.ts";
import { parseSuperSearch, type SearchEngine } from "../../../packages/search/src/index.ts";
import { openOpenSearchEngine } from "../../../packages/search/src/opensearch/index.ts";
import { startOpenSearch } from "../../../packages/search/src/test-support/opensearch-server.ts";
import { mulberry32 } from "../../mulberry32.ts";
import type { NamedOptions } from "../../run-named.ts";
import { crashOf, NOW } from "./crashes.ts";

const RUNS = Number(process.env["MAYDAY_RUNS"] ?? 15);
const BATCH = 2_000;
const MEMORY_MB = 1024;
/** A line is printed each time that so many crashes more are added. */
const TOLD = 100_000;
/** With less OpenSearch refuses the top crashers of a million. */
const HEAP_GB = 2;

/** What people and pages ask, by the name of what they want to know. */
const queries: Readonly<Record<string, string>> = {
  "signatures of 7 days, one product": "product=Firefox&_facets=signature&_results_number=0",
  "signatures of 90 days": "date=>=2026-08-31&_facets=signature&_results_number=0",
  "top crashers":
    "product=Firefox&_aggs.signature=platform&_aggs.signature=is_garbage_collecting&_aggs.signature=hang&_aggs.signature=process_type&_aggs.signature=startup_crash&_aggs.signature=_histogram.uptime&_aggs.signature=_cardinality.install_time&_histogram_interval.uptime=60&_results_number=0&_facets_size=50&_facets=product",
  "day by channel, 90 days":
    "date=>=2026-08-31&_histogram.date=release_channel&_facets_size=10&_results_number=0&_facets=product",
  "signature contains": "date=>=2026-08-31&signature=~fn_12::&_results_number=0&_facets_size=0",
  "signature by expression": "date=>=2026-08-31&signature=@.*fn_[0-9]7::.*&_results_number=0&_facets_size=0",
  "proto signature contains": "date=>=2026-08-31&proto_signature=~fn_12::&_results_number=0&_facets_size=0",
  "proto signature by expression":
    "date=>=2026-08-31&proto_signature=@.*fn_[0-9]7::.*&_results_number=0&_facets_size=0",
  "a word of the signature": "date=>=2026-08-31&signature=fn_12&_results_number=0&_facets_size=0",
  "one function on the stack":
    "date=>=2026-06-07&stack_function=mod::fn_1234::run&_results_number=100&_facets_size=0",
  "newest 100": "_sort=-date&_results_number=100&_facets_size=0",
  "a deep page": "date=>=2026-08-31&_sort=-date&_results_number=100&_results_offset=9900&_facets_size=0",
};

/** An engine under measurement. */
interface Measured {
  readonly name: string;
  readonly engine: SearchEngine;
  /** What it takes, MiB; undefined where that cannot be seen. */
  readonly memoryMb: () => number | undefined;
  readonly diskMb: () => Promise<number>;
  /** Done once all crashes are in. */
  readonly filled?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Adds generated crashes of realistic cardinalities to DuckDB and, with `--engine both` (the default), to an OpenSearch of
 * this machine, and asks both what people ask. `--engine duckdb` measures DuckDB alone.
 */
export async function search({ crashes = "200000", engine = "both" }: NamedOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-search-"));
  const measured = [await duckDb(folder)];
  if (engine === "both") measured.push(...(await openSearch()));
  try {
    await fill(measured, Number(crashes));
    for (const { filled } of measured) await filled?.();
    for (const { name, memoryMb, diskMb } of measured)
      console.log(`  ${name}: ${Math.round(await diskMb())} MiB on disk; ${memoryMb() ?? "?"} MiB of memory`);
    for (const [name, query] of Object.entries(queries)) await ask(measured, name, query);
  } finally {
    for (const { close } of measured) await close();
    rmSync(folder, { recursive: true });
  }
}

async function duckDb(folder: string): Promise<Measured> {
  const path = join(folder, "search.duckdb");
  const engine = await openDuckDbEngine({ path, memoryLimitMb: MEMORY_MB });
  return {
    name: "DuckDB",
    engine,
    memoryMb: () => Math.round(process.memoryUsage.rss() / 2 ** 20),
    diskMb: async () => statSync(path).size / 2 ** 20,
    close: () => engine.close(),
  };
}

/** None where there is no OpenSearch. */
async function openSearch(): Promise<Measured[]> {
  const server = await startOpenSearch(HEAP_GB);
  if (server === undefined) return [];
  const prefix = `bench-${Date.now().toString(36)}-`;
  const engine = openOpenSearchEngine({ url: server.url, prefix });
  return [
    {
      name: "OpenSearch",
      engine,
      memoryMb: server.memoryMb,
      async diskMb() {
        const answer = await fetch(`${server.url}/${prefix}*/_stats/store`);
        const { _all } = (await answer.json()) as { _all: { total: { store: { size_in_bytes: number } } } };
        return _all.total.store.size_in_bytes / 2 ** 20;
      },
      // An index that gets crashes is refreshed every second, and loses the answers that it had kept.
      async filled() {
        const answer = await fetch(`${server.url}/${prefix}*/_settings`, {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ "index.requests.cache.enable": false }),
        });
        if (!answer.ok) throw new Error(`OpenSearch keeps its cache of answers: ${await answer.text()}`);
      },
      async close() {
        await engine.dropWeeksBefore("999999");
        await engine.close();
        await server.stop();
      },
    },
  ];
}

async function fill(measured: readonly Measured[], count: number): Promise<void> {
  const random = mulberry32(1);
  const took = measured.map(() => 0);
  const peak = measured.map(() => 0);
  for (let at = 0; at < count; at += BATCH) {
    const size = Math.min(BATCH, count - at);
    const documents = Array.from({ length: size }, (_, i) => crashOf(at + i, count, random));
    for (const [i, { engine, memoryMb }] of measured.entries()) {
      const started = performance.now();
      await engine.add(documents);
      took[i]! += performance.now() - started;
      peak[i] = Math.max(peak[i]!, memoryMb() ?? 0);
    }
    if ((at + size) % TOLD === 0) console.error(`  ${at + size} of ${count} added`);
  }
  for (const [i, { name }] of measured.entries()) {
    const rate = Math.round((1000 * count) / took[i]!);
    console.log(`  ${name}: ${count} crashes added, ${rate} a second; memory at most ${peak[i]} MiB`);
  }
}

/** Asks each engine in turn, and prints what each took, and how many times as long as the last one DuckDB took. */
async function ask(measured: readonly Measured[], name: string, query: string): Promise<void> {
  const plan = parseSuperSearch(new URLSearchParams(query), { now: NOW });
  const times: number[][] = measured.map(() => []);
  let cpuMs = 0;
  const totals = new Set<number>();
  for (let run = 0; run < RUNS; run++) {
    for (const [i, { engine }] of measured.entries()) {
      const started = performance.now();
      const cpu = process.cpuUsage();
      totals.add((await engine.search(plan)).total);
      times[i]!.push(performance.now() - started);
      const { user, system } = process.cpuUsage(cpu);
      if (i === 0) cpuMs += (user + system) / 1000 / RUNS;
    }
  }
  const figures = times.map((of) => {
    const sorted = of.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(RUNS - 1, Math.floor(share * RUNS))]!;
    return { p50: at(0.5), p95: at(0.95) };
  });
  const shown = figures.map(({ p50, p95 }, i) => `${measured[i]!.name} p50 ${inMs(p50)} p95 ${inMs(p95)}`);
  const ratio = figures[1] === undefined ? "" : `  ratio ${(figures[0]!.p50 / figures[1].p50).toFixed(1)}`;
  console.log(
    `    ${name.padEnd(34)} ${shown.join("  ")}${ratio}  (${[...totals].join(" or ")} crashes; ${cpuMs.toFixed(0)} ms of the processor for DuckDB)`,
  );
}

const inMs = (time: number): string => `${time.toFixed(0).padStart(4)} ms`;
