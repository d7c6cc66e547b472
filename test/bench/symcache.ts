import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { firefoxDump } from "./firefox-dump.ts";
import { absent, compare, median, program, sharedFile } from "./measure.ts";
import { writeModelledSymbols } from "./modelled-symbols.ts";
import type { LookupFigures } from "./symcache-lookups.ts";

const buildScript = fileURLToPath(new URL("./symcache-build.ts", import.meta.url));
const lookupsScript = fileURLToPath(new URL("./symcache-lookups.ts", import.meta.url));
const symbolicScript = fileURLToPath(new URL("./symbolic-symcache.py", import.meta.url));

const LIBXUL = "libxul.so/A36A1B55C852A2FF8A8E978C6AD630580/libxul.so.sym.gz";

/** What building took, in a process of its own. */
interface BuildFigures {
  readonly ms: number;
  readonly peakMb: number;
  readonly textBytes: number;
  readonly bytes: number;
}

/** The same of Sentry's symbolic: its symcache, and its copy of the call-frame rules, which is a file apart. */
interface SymbolicFigures {
  readonly ms: number;
  readonly cfiMs: number | null;
  readonly peakMb: number;
  readonly lookupUs: number;
}

/**
 * Symcaches beside those of Sentry's symbolic, from the same texts: Firefox's libxul, which is nearly all call-frame
 * rules, and a module of 480 MB modelled on Windows' xul. Each figure is of a process of its own.
 */
export async function symcache(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  try {
    const libxul = unpacked(LIBXUL, folder);
    if (libxul === undefined) absent("Firefox's symbol files");
    else {
      const built = await measure("libxul", libxul, folder, 0x7a0_0000, 15);
      await stackwalkerLoad(libxul, folder, built);
    }
    const modelled = join(folder, "xul.sym");
    console.log(`  writing a module of ${((await writeModelledSymbols(modelled)) / 1e6).toFixed(0)} MB …`);
    await measure("modelled xul", modelled, folder, 0x560_0000, 25);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  what: string,
  text: string,
  folder: string,
  length: number,
  targetShare: number,
): Promise<BuildFigures> {
  const output = join(folder, "module.symcache");
  const ours: BuildFigures = node(buildScript, text, output);
  const rate = (ms: number) => ours.textBytes / 1e3 / ms;
  const theirs = symbolic(text, length);
  const bare = await median(3, () => countLines(text));
  compare(`${what}: build`, rate(ours.ms), "reading and a bare line search", rate(bare), "MB/s");
  if (theirs === undefined) absent("symbolic (pip install symbolic)");
  else {
    // It leaves the call-frame rules out: of a text that has little else it reads the first lines.
    compare(`${what}: build`, ours.ms, "symbolic's symcache, no call-frame rules", theirs.ms, "ms");
    if (theirs.cfiMs !== null) {
      const both = theirs.ms + theirs.cfiMs;
      compare(`${what}: build`, ours.ms, "symbolic's symcache and its copy of the rules' text", both, "ms");
    }
    compare(`${what}: peak memory of the build`, ours.peakMb, "symbolic", theirs.peakMb, "MiB");
  }
  const share = (100 * ours.bytes) / ours.textBytes;
  compare(`${what}: size of the symcache`, share, "target", targetShare, "% of the text");
  lookups(what, output, length, theirs);
  return ours;
}

function lookups(what: string, file: string, length: number, theirs: SymbolicFigures | undefined): void {
  const figures: LookupFigures = node(lookupsScript, file, String(length));
  compare(`${what}: opening and first look-up`, figures.openMs + figures.firstMs, "target", 10, "ms");
  const peer = theirs === undefined ? "target" : "symbolic, from Python";
  const peerUs = theirs?.lookupUs ?? 5;
  compare(`${what}: look-up anywhere in the module`, figures.randomUs, peer, peerUs, "µs");
  compare(`${what}: look-up of what a crash asks for again`, figures.hotUs, peer, peerUs, "µs");
  console.log(`  ${what}: look-up of call-frame rules anywhere: ${figures.cfiUs.toFixed(2)} µs`);
  compare(`${what}: memory after 100,000 look-ups`, figures.rssGrowthMb, "target", 48, "MB more");
  console.log(`  ${what}: ${figures.found} of 100,000 found, ${figures.inlines} inlined functions told`);
}

/** What a stackwalker pays for the text with every crash: the time it takes to walk a dump that needs the module. */
async function stackwalkerLoad(text: string, folder: string, ours: BuildFigures): Promise<void> {
  const dump = await firefoxDump();
  const peer = program("minidump-stackwalk");
  if (peer === undefined || dump === undefined) return absent("minidump-stackwalk or Firefox's submission");
  const dumpFile = join(folder, "crash.dmp");
  writeFileSync(dumpFile, dump);
  // In symbol-server layout: a file that is named alone would be read anew for every module.
  const place = join(folder, "symbols", dirname(LIBXUL));
  mkdirSync(place, { recursive: true });
  linkSync(text, join(place, "libxul.so.sym"));
  const args = ["--json", "--symbols-path", join(folder, "symbols"), dumpFile];
  const walk = await median(3, () => spawnSync(peer, args));
  compare("libxul: build, once for all crashes", ours.ms, "minidump-stackwalk, for each crash", walk, "ms");
}

function node<T>(script: string, ...args: readonly string[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function symbolic(text: string, length: number): SymbolicFigures | undefined {
  const { status, stdout } = spawnSync("python3", [symbolicScript, text, String(length)], {
    encoding: "utf8",
  });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

function unpacked(path: string, folder: string): string | undefined {
  const file = sharedFile(`firefox-esr-153/symbols/${path}`);
  if (file === undefined) return undefined;
  const text = join(folder, "libxul.sym");
  writeFileSync(text, gunzipSync(readFileSync(file)));
  return text;
}

function countLines(path: string): number {
  const text = statSync(path).size < 2 ** 31 ? readFileSync(path) : Buffer.alloc(0);
  let lines = 0;
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines++;
  return lines;
}
