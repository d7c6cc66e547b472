import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CrashId,
  newCrashId,
  type ProcessedCrash,
  type RawCrash,
  type StackJson,
  type ThreadJson,
  timestamp,
} from "@mayday/crash";
import { openRecords } from "../../../packages/records/src/open/index.ts";
import { openDuckDbEngine } from "../../../packages/search/src/duckdb/index.ts";
import { searchDocument } from "../../../packages/search/src/index.ts";
import { openFsObjectStore } from "../../../packages/storage/src/fs/index.ts";
import { createCrashStorage } from "../../../packages/storage/src/index.ts";
import { mulberry32 } from "../../mulberry32.ts";
import { processedOf, products, signatureOf, versions } from "../search/crashes.ts";

const BATCH = 2_000;
/** The newest crashes: those that are stored as well. */
const STORED = 300;
/** One in so many of them has very many threads. */
const BIG_EVERY = 6;
const DAY_MS = 86_400_000;

/** A data folder of the pipeline with generated crashes. */
export interface BenchData {
  readonly folder: string;
  /** Crashes whose documents are stored, too. */
  readonly stored: readonly CrashId[];
  /** Those of them that have 200 threads. */
  readonly big: readonly CrashId[];
}

/** What was made, noted last: a folder without it is not whole. */
interface Made extends Omit<BenchData, "folder"> {
  readonly crashes: number;
  readonly at: string;
}

/** Fills a data folder with so many crashes of the half year up to now, or uses it again where it has them. */
export async function benchData(folder: string, crashes: number): Promise<BenchData> {
  const note = join(folder, "bench-pages.json");
  if (existsSync(note)) {
    const made = JSON.parse(readFileSync(note, "utf8")) as Made;
    if (made.crashes !== crashes) throw new Error(`${folder} holds ${made.crashes} crashes`);
    const days = (Date.now() - Date.parse(made.at)) / DAY_MS;
    console.log(`  ${crashes} crashes of before, ${days.toFixed(1)} days old`);
    return { folder, ...made };
  }
  mkdirSync(folder, { recursive: true });
  const now = new Date();
  const started = performance.now();
  const stored = await fill(folder, crashes, now);
  await fillRecords(folder, now);
  const made: Made = { crashes, at: now.toISOString(), ...stored };
  writeFileSync(note, JSON.stringify(made));
  console.log(`  ${crashes} crashes added in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return { folder, ...made };
}

async function fill(folder: string, count: number, now: Date): Promise<Pick<BenchData, "stored" | "big">> {
  const engine = await openDuckDbEngine({ path: join(folder, "search.duckdb") });
  const storage = createCrashStorage(await openFsObjectStore(join(folder, "crashes")));
  const random = mulberry32(1);
  const stored: CrashId[] = [];
  const big: CrashId[] = [];
  try {
    for (let at = 0; at < count; at += BATCH) {
      const crashes = Array.from({ length: Math.min(BATCH, count - at) }, (_, index) =>
        pageCrash({ serial: at + index, count, random, now }),
      );
      await engine.add(crashes.map(searchDocument));
      const from = Math.max(0, count - STORED - at);
      for (const crash of crashes.slice(from)) {
        const isBig = stored.length % BIG_EVERY === 0;
        const whole = { ...crash, json_dump: dumpOf(crash, isBig ? 200 : 40) };
        await storage.saveReport(rawOf(crash), new Map());
        await storage.saveProcessed(crash.uuid as CrashId, whole);
        stored.push(crash.uuid as CrashId);
        if (isBig) big.push(crash.uuid as CrashId);
      }
    }
  } finally {
    await engine.close();
  }
  return { stored, big };
}

/** The search bench's crash, with what pages look at besides. */
function pageCrash(of: Parameters<typeof processedOf>[0]): ProcessedCrash {
  const crash = processedOf(of);
  const { random, now = new Date(), serial } = of;
  const one = <T>(from: readonly T[]): T => from[Math.floor(from.length * random() ** 2)] as T;
  const hex = serial.toString(16).padStart(8, "0");
  const processed = new Date(crash.date_processed ?? now);
  return {
    ...crash,
    // The collector's own form of ids.
    uuid: newCrashId(`${hex}-1234-4abc-9def-123456789abc`, processed, 0),
    useragent_locale: one(["en-US", "de", "fr", "zh-CN", "ja", "ru", "pt-BR", "es-ES"]),
    vendor: "Mozilla",
    cpu_count: one([4, 8, 12, 16, 2, 6, 24]),
    dom_fission_enabled: random() < 0.9,
    adapter_device_id: `0x${Math.floor(400 * random() ** 3)
      .toString(16)
      .padStart(4, "0")}`,
    adapter_driver_version: `31.0.${Math.floor(200 * random() ** 2)}`,
    addons: [`a${Math.floor(300 * random() ** 3)}@example:1.0`, "screenshots@mozilla.org:39.0"],
    missing_symbols: `m${Math.floor(300 * random() ** 4)}.dll/1.0/0123456789ABCDEF0123456789ABCDEF1`,
    ...(random() < 0.04 ? { user_comments: `it went away ${serial}` } : {}),
  };
}

function rawOf({ uuid, product, version, date_processed: date }: ProcessedCrash): RawCrash {
  return {
    uuid: uuid as CrashId,
    ProductName: product ?? "",
    Version: version ?? "",
    version: 2,
    submitted_timestamp: timestamp(new Date(date ?? 0)),
    metadata: {
      payload: "json",
      payload_compressed: "1",
      payload_size: 100_000,
      collector_notes: [],
      dump_checksums: {},
      user_agent: "bench",
      throttle_rule: "accept_everything",
      throttle_percent: 100,
    },
  };
}

const MODULES = 180;

/** A stack file of so many threads, a third of which wait alike, with as many modules as a browser has. */
function dumpOf({ proto_signature: stack }: ProcessedCrash, threads: number): StackJson {
  const functions = (stack ?? "").split(" | ");
  const modules = Array.from({ length: MODULES }, (_, index) => ({
    base_addr: `0x${(0x7ff0_0000_0000 + index * 0x100_0000).toString(16)}`,
    end_addr: `0x${(0x7ff0_0080_0000 + index * 0x100_0000).toString(16)}`,
    code_id: `5f00000${index}`,
    debug_file: `module${index}.pdb`,
    debug_id: `0123456789ABCDEF0123456789ABCD${String(index % 100).padStart(2, "0")}1`,
    filename: `module${index}.dll`,
    loaded_symbols: index % 3 === 0,
    version: "1.0.0.0",
  }));
  const threadOf = (number: number): ThreadJson => {
    const depth = 20 + ((number * 7) % 40);
    const frames = Array.from({ length: depth }, (_, frame) => ({
      frame,
      file: "hg:hg.mozilla.org/mozilla-central:dom/base/Thing.cpp:0123456789ab",
      function: functions[(number % 3 === 0 ? frame : frame * number) % functions.length] ?? "main",
      line: 100 + frame,
      module: `module${frame % MODULES}.dll`,
      module_offset: `0x${(4096 + frame * 16).toString(16)}`,
      offset: `0x${(0x7ff0_0000_1000 + frame * 16).toString(16)}`,
      trust: frame === 0 ? ("context" as const) : ("cfi" as const),
      missing_symbols: false,
    }));
    return { frame_count: depth, frames, thread_id: 1000 + number, thread_name: `Worker #${number}` };
  };
  const all = Array.from({ length: threads }, (_, number) => threadOf(number));
  return {
    status: "OK",
    crash_info: { type: "EXCEPTION_ACCESS_VIOLATION_READ", address: "0x20", crashing_thread: 0 },
    crashing_thread: { ...all[0], threads_index: 0 },
    threads: all,
    thread_count: threads,
    modules,
    main_module: 0,
    system_info: { os: "Windows NT", os_ver: "10.0.19045", cpu_arch: "amd64", cpu_count: 8 },
  };
}

/** Use for rates, first dates and bugs of the most frequent signatures. */
async function fillRecords(folder: string, now: Date): Promise<void> {
  const records = await openRecords({ MAYDAY_DATA_DIR: folder, DATABASE_URL: "" });
  const dayBefore = (days: number) => new Date(now.getTime() - days * DAY_MS);
  try {
    const days = Array.from({ length: 30 }, (_, days) => dayBefore(days).toISOString().slice(0, 10));
    await records.usage.put(
      products.flatMap((product) =>
        versions.flatMap((version) =>
          days.map((day) => ({
            product,
            version,
            channel: "release",
            platform: "Windows",
            day,
            hours: 50_000,
            users: 9_000,
          })),
        ),
      ),
    );
    const kinds = Array.from({ length: 2000 }, (_, kind) => kind);
    await records.signatures.see(
      kinds.map((kind) => ({
        signature: signatureOf(kind),
        firstBuild: "20261101000000",
        firstDate: timestamp(dayBefore(kind % 200)),
      })),
    );
    for (const kind of kinds.slice(0, 40))
      await records.bugs.set(String(2_000_000 + kind), [signatureOf(kind)]);
  } finally {
    await records.close();
  }
}
