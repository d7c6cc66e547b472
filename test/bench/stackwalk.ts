import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { synthMinidump } from "@mayday/minidump/synth";
import { firefoxDump } from "./firefox-dump.ts";
import { walkCommand, writeFullMemoryDump } from "./full-memory-dump.ts";
import { absent, compare, fixture, sharedFile } from "./measure.ts";
import { writeModelledSymbols } from "./modelled-symbols.ts";
import { onOneCore } from "./one-core.ts";
import { measureCold, PEER_NAME } from "./stackwalk-cold.ts";
import type { WalkFigures } from "./stackwalk-walks.ts";

const walksScript = fileURLToPath(new URL("./stackwalk-walks.ts", import.meta.url));

/** Until hot code is compiled: a worker walks thousands. */
const WARM_UPS = 50;
const WALKS = 100;

/**
 * Walking all threads of a dump to JSON beside minidump-stackwalk, which is given the same symbols in its cache, both on
 * one core: a whole command with nothing cached, and the time of the processor that a walk takes with symcaches; and the
 * memory that walking needs with a module of 500 MB.
 */
export async function stackwalk(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  try {
    measure("the demo crash", readFileSync(fixture("demo/demo.dmp")), fixture("symbols"), folder);
    const symbols = sharedFile("firefox-esr-153/symbols");
    const dump = await firefoxDump();
    if (symbols === undefined || dump === undefined) absent("Firefox's recorded submission");
    else measure("Firefox, 70 threads", dump, symbols, folder);
    await largeModule(folder);
    fullMemory(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(what: string, dump: Uint8Array, symbols: string, folder: string): void {
  const file = join(folder, "crash.dmp");
  writeFileSync(file, dump);
  const plain = unpacked(symbols, mkdtempSync(join(folder, "plain-")));
  const theirs = measureCold({ what, dump: file, symbols: plain, folder });
  const fromTexts = ours(file, plain, mkdtempSync(join(folder, "symcache-")), { fromTexts: true });
  const cache = mkdtempSync(join(folder, "symcache-"));
  ours(file, plain, cache);
  const warm = ours(file, plain, cache, { warmUps: WARM_UPS, walks: WALKS });
  const warmTime = `${what}, symcaches warm: processor time`;
  if (theirs !== undefined) compare(warmTime, warm.cpuMs, PEER_NAME, theirs.cpuMs, "ms");
  else {
    console.log(`  ${warmTime}: ${warm.cpuMs.toFixed(1)} ms`);
    absent("minidump-stackwalk (cargo install minidump-stackwalk)");
  }
  console.log(
    `  ${what}: ${warm.frames} frames; resident at most ${warm.peakMb.toFixed(0)} MiB, with nothing cached ${fromTexts.peakMb.toFixed(0)} MiB`,
  );
}

interface Walks {
  readonly warmUps?: number;
  readonly walks?: number;
  /** Symbol files answer themselves; otherwise their symcaches are built first. */
  readonly fromTexts?: boolean;
}

function ours(
  dump: string,
  symbols: string,
  cache: string,
  { warmUps = 0, walks = 1, fromTexts = false }: Walks = {},
): WalkFigures {
  const args = [walksScript, dump, symbols, cache, String(warmUps), String(walks), String(fromTexts)];
  const { status, stdout, stderr } = onOneCore(process.execPath, args);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The peer reads plain files only. */
function unpacked(symbols: string, target: string): string {
  for (const path of readdirSync(symbols, { recursive: true, encoding: "utf8" })) {
    if (!/\.sym(\.gz)?$/.test(path)) continue;
    const plain = join(target, path.replace(/\.gz$/, ""));
    const bytes = readFileSync(join(symbols, path));
    mkdirSync(dirname(plain), { recursive: true });
    writeFileSync(plain, path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  }
  return target;
}

const LARGE_BASE = 0x1_8000_0000n;
const LARGE_BYTES = 0x560_0000;
const LARGE_THREADS = 100;
const LARGE_LIMIT_MB = 300;

const LARGE_DUMP_BYTES = 1.5e9;
const DUMP_MEMORY_LIMIT_MB = 100;

/** A dump of 1.5 GB beside one of a kilobyte of the same stack: only what is looked at is read. */
function fullMemory(folder: string): void {
  const [small, large] = [1000, LARGE_DUMP_BYTES].map((bytes) => {
    const file = join(folder, `full-${bytes}.dmp`);
    writeFullMemoryDump(file, bytes);
    return walkCommand(file);
  });
  const what = "a full-memory dump of 1.5 GB";
  compare(`${what}: time of the whole command`, large!.ms, "a small one", small!.ms, "ms");
  compare(`${what}: memory resident at most`, large!.peakMb, "target", DUMP_MEMORY_LIMIT_MB, "MiB");
}

/** Stacks all over a module of 500 MB of symbols. */
async function largeModule(folder: string): Promise<void> {
  const text = join(folder, "xul.sym");
  const length = await writeModelledSymbols(text);
  const first = firstLine(text);
  const [, , , debugId = "", debugFile = ""] = first.split(" ");
  const place = join(folder, "large", debugFile, debugId);
  mkdirSync(place, { recursive: true });
  renameSync(text, join(place, `${debugFile.replace(/\.pdb$/, "")}.sym`));
  const dump = join(folder, "large.dmp");
  writeFileSync(dump, largeDump(debugFile, debugId));
  const cache = join(folder, "large-symcache");
  ours(dump, join(folder, "large"), cache);
  const warm = ours(dump, join(folder, "large"), cache, { warmUps: 1, walks: 5 });
  const what = `a module of ${(length / 1e6).toFixed(0)} MB, ${LARGE_THREADS} threads, ${warm.frames} frames`;
  compare(`${what}: memory resident at most`, warm.peakMb, "target", LARGE_LIMIT_MB, "MiB");
  console.log(`  ${what}: ${warm.cpuMs.toFixed(1)} ms of the processor`);
}

function firstLine(path: string): string {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(200);
  readSync(file, bytes);
  closeSync(file);
  return bytes.toString("latin1").split("\n")[0]!;
}

function largeDump(debugFile: string, debugId: string): Uint8Array {
  const synth = synthMinidump()
    .system({ platform: 2 })
    .module({
      base: LARGE_BASE,
      size: LARGE_BYTES,
      name: "C:\\xul.dll",
      pdb70: { guid: debugId.slice(0, 32), age: Number.parseInt(debugId.slice(32), 16), name: debugFile },
    });
  let state = 0x2545_f491;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let id = 1; id <= LARGE_THREADS; id++) {
    const base = 0x7000_0000n + BigInt(id) * 0x1_0000n;
    const words = BigUint64Array.from({ length: 400 }, () => LARGE_BASE + BigInt(draw(LARGE_BYTES)));
    const registers = { rip: LARGE_BASE + BigInt(draw(LARGE_BYTES)), rsp: base };
    synth.thread({ id, stack: { base, bytes: new Uint8Array(words.buffer) }, registers });
  }
  return synth.finish();
}
