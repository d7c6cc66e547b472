import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import type { SymbolHit } from "./symcache/read/symbol-lookups.ts";
import { Symcache } from "./symcache/read/symcache.ts";
import { realSymbols, someOffsets } from "./test-support/real-symbols.ts";
import { symcacheBytes } from "./test-support/sym-text.ts";
import { temporaryFolder } from "./test-support/temporary-folder.ts";
import { run, runs } from "./test-support/tools.ts";

const LOOKUPS = 10_000;

const hasSymbolic = runs("python3", "-c", "import symbolic.debuginfo");
const folder = await temporaryFolder();

type Location = readonly [function_: string | null, file: string | null, line: number];

/**
 * A hit in symbolic's words. Where no line is known it says 0, and it shortens paths (`./a/../b` is `b`). Its other
 * known differences (rust-minidump's rules are ours) lie in overlapping functions, gaps between lines and publics at
 * one address, which these files do not have.
 */
function inTheirWords(hit: SymbolHit | undefined): Location[] {
  if (hit === undefined) return [];
  return [...hit.inlines, hit].map(({ function: name, file, line }) => [
    name,
    file === undefined ? null : posix.normalize(file),
    line ?? 0,
  ]);
}

describe.skipIf(!hasSymbolic)("lookups agree with symbolic's (needs python3 with symbolic)", () => {
  for (const { name, needs, write } of realSymbols) {
    it.skipIf(write === undefined)(`in ${name} (needs ${needs})`, async () => {
      const symFile = write!(folder);
      const text = readFileSync(symFile);
      const offsets = someOffsets(text.toString("latin1"), LOOKUPS);
      const symcache = new Symcache(await symcacheBytes([text]));
      const script = join(import.meta.dirname, "symbolic-lookups.py");
      const hex = offsets.map((offset) => offset.toString(16)).join("\n");
      const theirs = JSON.parse(run("python3", [script, symFile], hex)) as Location[][];
      expect(offsets.map((offset) => inTheirWords(symcache.lookup(offset)))).toEqual(theirs);
      expect(theirs.filter((locations) => locations.length > 1).length).toBeGreaterThan(100);
    });
  }
});
