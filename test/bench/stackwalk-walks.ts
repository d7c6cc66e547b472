import { readFileSync } from "node:fs";
import { readMinidump } from "@mayday/minidump";
import { jsonDump, walk, walkWith } from "@mayday/stackwalk";
import { createSymbolSupply, symbolSources, symcacheFolder } from "@mayday/symbols";

/** What walking a dump to JSON took, for one walk. */
export interface WalkFigures {
  readonly ms: number;
  /** Of the processor. */
  readonly cpuMs: number;
  /** The most memory the process had resident, MiB. */
  readonly peakMb: number;
  readonly frames: number;
}

// Walks a dump again and again in a process of its own: DUMP SYMBOLS SYMCACHES WARM-UPS WALKS FROM-TEXTS.
const [dumpFile = "", symbols = "", cache = "", warmUps = "0", walks = "1", fromTexts = "false"] =
  process.argv.slice(2);
const supply = createSymbolSupply({
  sources: symbolSources([symbols]),
  folder: symcacheFolder(cache),
  memoryBytes: 1e9,
  missesLastMs: Number.POSITIVE_INFINITY,
  now: Date.now,
  ...(fromTexts === "true" && { onAnswerFromText: () => undefined }),
});
const bytes = readFileSync(dumpFile);
for (let i = 0; i < Number(warmUps); i++) await walkOnce();
const count = Number(walks);
const started = performance.now();
const before = process.cpuUsage();
let frames = 0;
for (let i = 0; i < count; i++) frames = await walkOnce();
const cpu = process.cpuUsage(before);
const figures: WalkFigures = {
  ms: (performance.now() - started) / count,
  cpuMs: (cpu.user + cpu.system) / 1000 / count,
  peakMb: peakMb(),
  frames,
};
console.log(JSON.stringify(figures));

/** Of this program alone: what getrusage tells begins with the memory of the parent. */
function peakMb(): number {
  const [, kilobytes = "0"] = /VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

async function walkOnce(): Promise<number> {
  const read = readMinidump(bytes);
  if (!read.ok) throw new Error(read.error.message);
  const walked = await walkWith(walk(read.dump), ({ debugFile = "", debugId = "" }) =>
    supply.get({ debugFile, debugId }),
  );
  JSON.stringify(jsonDump(read.dump, walked));
  return walked.threads.reduce((sum, thread) => sum + thread.frames.length, 0);
}
