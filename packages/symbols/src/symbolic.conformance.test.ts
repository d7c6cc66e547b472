import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SymbolHit, Symcache } from "./symcache.ts";
import { sharedData } from "./test-support/shared-data.ts";
import { symcacheBytes } from "./test-support/sym-text.ts";
import { temporaryFolder } from "./test-support/temporary-folder.ts";
import { run, runs } from "./test-support/tools.ts";

const LOOKUPS = 10_000;

const [teapot] = globSync(join(import.meta.dirname, "../../../fixtures/symbols/teapot/*/teapot.sym"));
const libc = sharedData(
  "firefox-esr-153/symbols/libc.so.6/EC61AC938E5A39B16F9FBD350E3169A50/libc.so.6.sym.gz",
);
const hasSymbolic = runs("python3", "-c", "import symbolic.debuginfo");
const hasRust = runs("rustc", "--version") && runs("dump_syms", "--version");
const folder = await temporaryFolder();

type Location = readonly [function_: string | null, file: string | null, line: number];

/** Random module offsets: most within functions, some anywhere. */
function someOffsets(text: string): number[] {
  const functions = Array.from(text.matchAll(/^FUNC (?:m )?(\w+) (\w+)/gm), ([, address, size]) => ({
    address: Number.parseInt(address!, 16),
    size: Number.parseInt(size!, 16),
  }));
  const end = Math.max(...functions.map(({ address, size }) => address + size));
  const within = fc
    .constantFrom(...functions)
    .chain(({ address, size }) => fc.integer({ min: address, max: address + Math.max(size, 1) - 1 }));
  const anywhere = fc.integer({ min: 0, max: end + 4096 });
  const offset = fc.oneof({ weight: 4, arbitrary: within }, { weight: 1, arbitrary: anywhere });
  return fc.sample(offset, { numRuns: LOOKUPS, seed: 1 });
}

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

async function compare(symFile: string): Promise<{ ours: Location[][]; theirs: Location[][] }> {
  const text = readFileSync(symFile);
  const offsets = someOffsets(text.toString("latin1"));
  const symcache = new Symcache(await symcacheBytes([text]));
  const script = join(import.meta.dirname, "symbolic-lookups.py");
  const hex = offsets.map((offset) => offset.toString(16)).join("\n");
  const theirs = JSON.parse(run("python3", [script, symFile], hex)) as Location[][];
  return { ours: offsets.map((offset) => inTheirWords(symcache.lookup(offset))), theirs };
}

/** A debug build of a small Rust program, with its symbols dumped as Mozilla does it. */
function rustSymbols(): string {
  const source = join(folder, "count.rs");
  writeFileSync(
    source,
    `fn main() {
       let mut words: Vec<String> = std::env::args().collect();
       words.sort_by_key(|word| std::cmp::Reverse(word.len()));
       println!("{words:?}");
     }`,
  );
  run("rustc", ["-g", "-o", join(folder, "count"), source]);
  const symbols = join(folder, "count.sym");
  run("dump_syms", ["--inlines", join(folder, "count"), "-o", symbols]);
  return symbols;
}

describe.skipIf(!hasSymbolic)("lookups agree with symbolic's (needs python3 with symbolic)", () => {
  it("in a C++ program with many inlined functions", async () => {
    const { ours, theirs } = await compare(teapot!);
    expect(ours.filter((locations) => locations.length > 2).length).toBeGreaterThan(100);
    expect(ours).toEqual(theirs);
  });

  it.skipIf(libc === undefined)("in libc.so.6 (needs the shared data)", async () => {
    const symFile = join(folder, "libc.sym");
    writeFileSync(symFile, gunzipSync(readFileSync(libc!)));
    const { ours, theirs } = await compare(symFile);
    expect(ours).toEqual(theirs);
  });

  it.skipIf(!hasRust)("in a Rust program (needs rustc and dump_syms)", async () => {
    const { ours, theirs } = await compare(rustSymbols());
    expect(ours.filter((locations) => locations.length > 3).length).toBeGreaterThan(100);
    expect(ours).toEqual(theirs);
  });
});
