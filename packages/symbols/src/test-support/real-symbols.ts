import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { sharedData } from "./shared-data.ts";
import { run, runs } from "./tools.ts";

/** A symbol file of a real program, made by a dumper; undefined where what it needs is absent. */
export interface RealSymbols {
  readonly name: string;
  /** What a machine must have for it. */
  readonly needs: string;
  /** Writes the text to a folder and gives the file. */
  readonly write: ((folder: string) => string) | undefined;
}

const [teapot] = globSync(join(import.meta.dirname, "../../../../fixtures/symbols/teapot/*/teapot.sym"));
const libc = sharedData(
  "firefox-esr-153/symbols/libc.so.6/EC61AC938E5A39B16F9FBD350E3169A50/libc.so.6.sym.gz",
);
const glibcDebug = glibcDebugFile();
const hasRust = runs("rustc", "--version") && runs("dump_syms", "--version");

export const realSymbols: readonly RealSymbols[] = [
  { name: "a C++ program with many inlined functions", needs: "nothing", write: () => teapot! },
  {
    name: "libc.so.6",
    needs: "the shared data",
    write:
      libc === undefined
        ? undefined
        : (folder) => written(join(folder, "libc.sym"), gunzipSync(readFileSync(libc))),
  },
  {
    name: "glibc's debug information",
    needs: "Debian's libc6-dbg and dump_syms",
    write:
      glibcDebug === undefined || !runs("dump_syms", "--version")
        ? undefined
        : (folder) => dumped(glibcDebug, join(folder, "glibc.sym")),
  },
  { name: "a Rust program", needs: "rustc and dump_syms", write: hasRust ? rustSymbols : undefined },
];

function written(file: string, bytes: Uint8Array): string {
  writeFileSync(file, bytes);
  return file;
}

/** A debug build of a small Rust program, with its symbols dumped as Mozilla does it. */
function rustSymbols(folder: string): string {
  const source = written(
    join(folder, "count.rs"),
    Buffer.from(`fn main() {
       let mut words: Vec<String> = std::env::args().collect();
       words.sort_by_key(|word| std::cmp::Reverse(word.len()));
       println!("{words:?}");
     }`),
  );
  run("rustc", ["-g", "-o", join(folder, "count"), source]);
  return dumped(join(folder, "count"), join(folder, "count.sym"));
}

function dumped(binary: string, symbols: string): string {
  run("dump_syms", ["--inlines", binary, "-o", symbols]);
  return symbols;
}

/** The debug information of this machine's glibc lies under its build id. */
function glibcDebugFile(): string | undefined {
  const libc = "/lib/x86_64-linux-gnu/libc.so.6";
  if (!runs("readelf", "-n", libc)) return undefined;
  const [, first, rest] = /Build ID: (..)(\w+)/.exec(run("readelf", ["-n", libc])) ?? [];
  const file = `/usr/lib/debug/.build-id/${first}/${rest}.debug`;
  return existsSync(file) ? file : undefined;
}

/** Random module offsets: most within functions, some anywhere. */
export function someOffsets(text: string, count: number): number[] {
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
  return fc.sample(offset, { numRuns: count, seed: 1 });
}
