import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readMinidump } from "@mayday/minidump";
import { jsonDump, walk, walkWith } from "@mayday/stackwalk";
import { createSymbolSupply, type SymbolSupply, symbolSources, symcacheFolder } from "@mayday/symbols";
import { readCrashReport } from "../../services/collector/src/crash-report.ts";
import { absent, compare, fixture, median, program, sharedFile } from "./measure.ts";

/** Walking all threads of a dump to JSON, with nothing cached and with warm symcaches, beside minidump-stackwalk. */
export async function stackwalk(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  try {
    await measure("the demo crash", readFileSync(fixture("demo/demo.dmp")), fixture("symbols"), folder);
    const symbols = sharedFile("firefox-esr-153/symbols");
    const submission = sharedFile("firefox-esr-153/submissions/parent-sigsegv.multipart");
    if (symbols === undefined || submission === undefined) return absent("Firefox's recorded submission");
    await measure("Firefox, 70 threads", dumpIn(submission), symbols, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(what: string, dump: Uint8Array, symbols: string, folder: string): Promise<void> {
  const supply = (cache: string) =>
    createSymbolSupply({
      sources: symbolSources([symbols]),
      folder: symcacheFolder(cache),
      memoryBytes: 1e9,
      missesLastMs: Number.POSITIVE_INFINITY,
      now: Date.now,
    });
  const freshCache = () => mkdtempSync(join(folder, "symcache-"));
  const cold = await median(1, () => walkOnce(dump, supply(freshCache())));
  const warmSupply = supply(freshCache());
  await walkOnce(dump, warmSupply);
  const warm = await median(20, () => walkOnce(dump, warmSupply));
  const peer = program("minidump-stackwalk");
  if (peer === undefined) {
    console.log(`  ${what}: ${cold.toFixed(0)} ms with nothing cached, ${warm.toFixed(1)} ms warm`);
    return absent("minidump-stackwalk (cargo install minidump-stackwalk)");
  }
  const theirs = await peerTime(peer, dump, symbols, folder);
  compare(`${what}, nothing cached`, cold, "minidump-stackwalk", theirs, "ms");
  compare(`${what}, symcaches warm`, warm, "minidump-stackwalk, symbol files local", theirs, "ms");
}

async function walkOnce(dump: Uint8Array, supply: SymbolSupply): Promise<string> {
  const read = readMinidump(dump);
  if (!read.ok) throw new Error(read.error.message);
  const walked = await walkWith(walk(read.dump), ({ debugFile = "", debugId = "" }) =>
    supply.get({ debugFile, debugId }),
  );
  return JSON.stringify(jsonDump(read.dump, walked));
}

/** The peer reads plain files only. */
function peerTime(peer: string, dump: Uint8Array, symbols: string, folder: string): Promise<number> {
  const plain = mkdtempSync(join(folder, "plain-"));
  for (const path of readdirSync(symbols, { recursive: true, encoding: "utf8" })) {
    if (!/\.sym(\.gz)?$/.test(path)) continue;
    const target = join(plain, path.replace(/\.gz$/, ""));
    const bytes = readFileSync(join(symbols, path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  }
  const file = join(plain, "crash.dmp");
  writeFileSync(file, dump);
  return median(3, () => spawnSync(peer, ["--json", "--symbols-path", plain, file]));
}

function dumpIn(submission: string): Uint8Array {
  const body = readFileSync(submission);
  const boundary = body.toString("latin1", 2, body.indexOf("\r\n"));
  return readCrashReport(body, boundary).dumps.get("upload_file_minidump") as Uint8Array;
}
