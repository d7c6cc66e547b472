import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDbEngine } from "../../packages/search/src/duckdb/index.ts";
import {
  parseSuperSearch,
  type SearchDocument,
  type SearchEngine,
  searchDocument,
} from "../../packages/search/src/index.ts";
import { mulberry32 } from "../mulberry32.ts";

const COUNT = Number(process.env["MAYDAY_CRASHES"] ?? 1_000_000);
const RUNS = Number(process.env["MAYDAY_RUNS"] ?? 15);
const BATCH = 2_000;
const DAYS = 26 * 7;
const NOW = new Date("2026-11-29T12:00:00Z");
const MEMORY_MB = 1024;

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

/** Adds generated crashes of realistic cardinalities to a file and asks them what people ask. */
export async function search(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-search-"));
  const path = join(folder, "search.duckdb");
  const engine = await openDuckDbEngine({ path, memoryLimitMb: MEMORY_MB });
  try {
    await fill(engine);
    console.log(
      `  on disk: ${(statSync(path).size / 2 ** 20).toFixed(0)} MiB; memory now ${megabytes()} MiB`,
    );
    await ask(engine);
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}

async function fill(engine: SearchEngine): Promise<void> {
  const random = mulberry32(1);
  let took = 0;
  let peak = 0;
  for (let at = 0; at < COUNT; at += BATCH) {
    const documents = Array.from({ length: Math.min(BATCH, COUNT - at) }, (_, i) => crashOf(at + i, random));
    const started = performance.now();
    await engine.add(documents);
    took += performance.now() - started;
    peak = Math.max(peak, megabytes());
  }
  console.log(
    `  ${COUNT} crashes added, ${Math.round((1000 * COUNT) / took)} a second; memory at most ${peak} MiB`,
  );
}

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);

async function ask(engine: SearchEngine): Promise<void> {
  for (const [name, query] of Object.entries(queries)) {
    const plan = parseSuperSearch(new URLSearchParams(query), { now: NOW });
    const times: number[] = [];
    let total = 0;
    for (let run = 0; run < RUNS; run++) {
      const started = performance.now();
      total = (await engine.search(plan)).total;
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) =>
      times[Math.min(times.length - 1, Math.floor(share * times.length))]!.toFixed(0);
    console.log(
      `    ${name.padEnd(34)} p50 ${at(0.5).padStart(5)} ms  p95 ${at(0.95).padStart(5)} ms  (${total} crashes)`,
    );
  }
}

/** A crash whose signature is one of 20,000, a few of them frequent, with 30 functions on its stack. */
function crashOf(serial: number, random: () => number): SearchDocument {
  const skewed = (count: number): number => Math.floor(count * random() ** 4);
  const one = <T>(of: readonly T[]): T => of[Math.floor(of.length * random() ** 2)]!;
  const kind = skewed(20_000);
  const functions = Array.from({ length: 30 }, (_, i) =>
    i < 4 ? `mod::fn_${kind % 5000}::level_${i}` : `mod::fn_${skewed(50_000)}::run`,
  );
  const day = Math.floor((serial / COUNT) * DAYS);
  const date = new Date(NOW.getTime() - (DAYS - day) * 86_400_000 + Math.floor(random() * 86_400_000));
  const hex = serial.toString(16).padStart(8, "0");
  const yymmdd = date.toISOString().slice(2, 10).replaceAll("-", "");
  return searchDocument({
    uuid: `${hex}-1234-4abc-9def-123450${yymmdd}`,
    date_processed: date.toISOString().replace("Z", "000+00:00"),
    signature: `mod::fn_${kind % 5000}::level_0 | kind_${kind}`,
    proto_signature: functions.join(" | "),
    product: one(["Firefox", "Fenix", "Thunderbird", "Focus"]),
    version: `1${one([45, 44, 43, 40, 39])}.0${one(["", ".1", "b2", "esr"])}`,
    build: `202611${one(["01", "08", "15", "22"])}000000`,
    release_channel: one(["release", "beta", "nightly", "esr"]),
    os_name: one(["Windows NT", "Linux", "Mac OS X", "Android"]),
    os_version: `10.0.${Math.floor(random() * 300)}`,
    process_type: one(["parent", "content", "gpu", "rdd", "utility"]),
    reason: one(["EXCEPTION_ACCESS_VIOLATION_READ", "SIGSEGV / SEGV_MAPERR", "EXCEPTION_BREAKPOINT"]),
    address: `0x${Math.floor(random() * 2 ** 40).toString(16)}`,
    uptime: Math.floor(10_000 * random() ** 3),
    install_time: 1_790_000_000 + Math.floor(random() * 5_000_000),
    cpu_arch: one(["amd64", "arm64", "x86"]),
    startup_crash: random() < 0.1,
    is_garbage_collecting: random() < 0.05,
    adapter_vendor_id: one(["0x10de", "0x8086", "0x1002"]),
    total_physical_memory: 2 ** Math.floor(32 + 4 * random()),
    modules_in_stack: ["xul.dll/AB", "ntdll.dll/CD", `m${skewed(300)}.dll/EF`].join(";"),
    crash_report_keys: ["ProductName", "Version", "BuildID", "StartupTime"],
    crashing_thread: 0,
    json_dump: {
      threads: [
        {
          frames: functions.map((name, i) => ({
            function: name,
            module: i < 20 ? "xul.dll" : "ntdll.dll",
            module_offset: `0x${i}0`,
          })),
        },
      ],
    },
  });
}
