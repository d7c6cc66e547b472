import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { buildSymcache, Symcache } from "@mayday/symbols";
import { absent, compare, median, sharedFile } from "./measure.ts";

const LOOKUPS = 100_000;

const symbolicProgram = `
import sys, time
from symbolic.debuginfo import Archive
started = time.perf_counter()
archive = Archive.open(sys.argv[1])
next(archive.iter_objects()).make_symcache()
print((time.perf_counter() - started) * 1000)
`;

/**
 * Building symcaches: libxul's, all call-frame rules, beside a bare search for its line ends; and libc's, with
 * functions, lines and inlined ranges, beside Sentry's symbolic, which leaves the call-frame rules out.
 */
export async function symcache(): Promise<void> {
  const libxul = textOf("libxul.so/A36A1B55C852A2FF8A8E978C6AD630580/libxul.so.sym.gz");
  const libc = textOf("libc.so.6/EC61AC938E5A39B16F9FBD350E3169A50/libc.so.6.sym.gz");
  if (libxul === undefined || libc === undefined) return absent("Firefox's symbol files");
  let built: Buffer = Buffer.alloc(0);
  const build = await median(3, async () => {
    built = await buildSymcache(chunks(libxul));
  });
  const lines = await median(3, () => countLines(libxul));
  compare("libxul", rate(libxul, build), "bare line search", rate(libxul, lines), "MB/s");
  console.log(`  libxul: ${((built.length / libxul.length) * 100).toFixed(1)} % of the text`);
  const ours = await median(5, () => buildSymcache(chunks(libc)));
  const theirs = symbolicBuild(libc);
  if (theirs === undefined) absent("symbolic (pip install symbolic)");
  else compare("libc", rate(libc, ours), "symbolic", rate(libc, theirs), "MB/s");
  const symbols = new Symcache(built);
  const lookups = await median(3, () => {
    for (let i = 0; i < LOOKUPS; i++) symbols.cfiRules((i * 7919) % 0x7000000);
  });
  console.log(`  libxul, look-up of call-frame rules: ${((lookups / LOOKUPS) * 1000).toFixed(2)} µs`);
}

function textOf(path: string): Buffer | undefined {
  const file = sharedFile(`firefox-esr-153/symbols/${path}`);
  return file === undefined ? undefined : gunzipSync(readFileSync(file));
}

function rate(text: Buffer, ms: number): number {
  return text.length / 1e6 / (ms / 1000);
}

function* chunks(text: Buffer): Iterable<Buffer> {
  const size = 1 << 20;
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
}

function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines++;
  return lines;
}

/** Time of symbolic's build in ms, by its own clock. */
function symbolicBuild(text: Buffer): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  const file = join(folder, "module.sym");
  writeFileSync(file, text);
  const { status, stdout } = spawnSync("python3", ["-c", symbolicProgram, file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return status === 0 ? Number(stdout) : undefined;
}
