import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { synthMinidump } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { symbolFilePath } from "./supply/symbol-file-path.ts";
import type { SymbolHit } from "./symcache/read/symbol-lookups.ts";
import { Symcache } from "./symcache/read/symcache.ts";
import { realSymbols, someOffsets } from "./test-support/real-symbols.ts";
import { symcacheBytes } from "./test-support/sym-text.ts";
import { temporaryFolder } from "./test-support/temporary-folder.ts";
import { run, runs } from "./test-support/tools.ts";

const LOOKUPS = 10_000;
const BASE = 0x4000_0000n;

const hasPeer = runs("minidump-stackwalk", "--version");
const folder = await temporaryFolder();

/** A frame, as far as symbols tell of it, in minidump-stackwalk's words. */
type FrameJson = Record<"function" | "function_offset" | "file" | "line" | "inlines", unknown>;

/** A dump of a thread at each offset of a module: the first frame of each is a look-up. */
function dumpAt(offsets: readonly number[], debugFile: string, debugId: string): Uint8Array {
  const synth = synthMinidump().module({ base: BASE, size: 0x1000_0000, name: `/lib/${debugFile}`, debugId });
  for (const offset of offsets)
    synth.thread({ registers: { rip: BASE + BigInt(offset), rsp: 0x7ffe_0000n } });
  return synth.finish();
}

function peerFrames(dump: Uint8Array, symFile: string, name: string, id: string): FrameJson[] {
  const path = symbolFilePath({ debugFile: name, debugId: id })!;
  const place = join(folder, "symbols", path.debugFile, path.debugId, path.symbolFile);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, readFileSync(symFile));
  const dumpFile = join(folder, "threads.dmp");
  writeFileSync(dumpFile, dump);
  const args = ["--json", "--verbose=off", `--symbols-path=${join(folder, "symbols")}`, dumpFile];
  const { threads } = JSON.parse(run("minidump-stackwalk", args)) as { threads: { frames: FrameJson[] }[] };
  return threads.map(({ frames }) => {
    const { function: name, function_offset, file, line, inlines } = frames[0]!;
    return { function: name, function_offset, file, line, inlines };
  });
}

function inTheirWords(hit: SymbolHit | undefined, offset: number): FrameJson {
  if (hit === undefined) {
    return { function: null, function_offset: null, file: null, line: null, inlines: null };
  }
  const place = ({ file, line }: { file: string | undefined; line: number | undefined }) => ({
    file: file ?? null,
    line: line ?? null,
  });
  const inlines = hit.inlines.map((inline) => ({ function: inline.function, ...place(inline) }));
  return {
    function: hit.function,
    function_offset: `0x${(offset - hit.functionStart).toString(16).padStart(16, "0")}`,
    ...place(hit),
    inlines: inlines.length === 0 ? null : inlines,
  };
}

describe.skipIf(!hasPeer)("lookups agree with minidump-stackwalk's (needs minidump-stackwalk)", () => {
  for (const { name, needs, write } of realSymbols) {
    it.skipIf(write === undefined)(`in ${name} (needs ${needs})`, async () => {
      const symFile = write!(folder);
      const text = readFileSync(symFile);
      const symcache = new Symcache(await symcacheBytes([text]));
      const offsets = someOffsets(text.toString("latin1"), LOOKUPS);
      const { debugFile, debugId } = symcache.info;
      const theirs = peerFrames(dumpAt(offsets, debugFile, debugId), symFile, debugFile, debugId);
      expect(offsets.map((offset) => inTheirWords(symcache.lookup(offset), offset))).toEqual(theirs);
    });
  }
});
