import { ByteReader } from "./bytes/byte-reader.ts";
import type { ByteSource } from "./bytes/byte-source.ts";
import { fail, ok, type Result } from "./bytes/result.ts";
import { SparseBytes } from "./bytes/sparse-bytes.ts";
import type { MemoryRange } from "./memory/memory-range.ts";
import type { Minidump } from "./minidump.ts";
import { readMinidumpTelling } from "./read-minidump.ts";
import { type StreamName, streamTypes } from "./stream-type.ts";

/** Bytes of the crashed process's memory. */
export interface AddressSpan {
  readonly address: bigint;
  readonly length: number;
}

/** Streams that tell more of a person than of a crash. */
const PRIVATE: ReadonlySet<StreamName> = new Set(["LinuxEnviron", "CrashpadInfo", "StabilityReport"]);

const KEPT_STREAMS: ReadonlySet<number> = new Set(
  Object.entries(streamTypes).flatMap(([name, type]) => (PRIVATE.has(name as StreamName) ? [] : [type])),
);

const HEADER_BYTES = 32;
const DIRECTORY_ENTRY_BYTES = 12;
/** The type of an entry that is not used is 0 (minidumpapiset.h). */
const UNUSED_ENTRY = new Uint8Array(DIRECTORY_ENTRY_BYTES);
const ENTRY_COUNT_AT = 8;
const DIRECTORY_RVA_AT = 12;

/** Lines of copied files that a report is made of; all others are blanked. */
const KEPT_LINES: Readonly<Partial<Record<StreamName, RegExp>>> = {
  LinuxCpuInfo: /^microcode\s*:/,
  LinuxProcStatus: /^Pid:/,
  LinuxLsbRelease:
    /^(?:DISTRIB_(?:ID|RELEASE|CODENAME|DESCRIPTION)|(?:VERSION_)?ID|VERSION_CODENAME|PRETTY_NAME)=/,
  MozLinuxLimits: /^[A-Z][a-z ]+ {2}/,
};

/** A line of /proc/self/maps up to its path, and the path. */
const MAPPING = /^([0-9a-f]+-[0-9a-f]+ [r-][w-][x-][ps] [0-9a-f]+ \S+ \d+)(.*)$/;

/**
 * The same dump without what walking it does not need. Of all its bytes those are kept that its reader looked at, so
 * that whatever lies elsewhere is gone, known or not; of the process's memory those of the spans in `kept`; of the
 * directory the streams that are understood and not private. All else is zeros: sizes and places stay as they are, so
 * that whoever reads the dump finds all that is left.
 */
export function blankMinidump(source: ByteSource, kept: Iterable<AddressSpan>): Result<SparseBytes> {
  const out = new SparseBytes(source.length);
  const keep = (at: number, length: number) => out.set(source.read(at, length), at);
  const read = readMinidumpTelling(source, keep, PRIVATE);
  if (!read.ok) return fail(read.error);
  const { dump, texts } = read;
  keepDirectory(out, source, dump.byteOrder);
  const paths = new Set(dump.modules.map(({ name }) => name));
  for (const { name, at, length } of texts) out.set(blankedLines(source.read(at, length), name, paths), at);
  const memory = memoryRanges(dump);
  const sorted = [...memory].sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  for (const span of kept) restore(out, sorted, span);
  return ok(out);
}

/** Every piece of memory that is looked into: where pieces overlap each has bytes of its own. */
function memoryRanges({ memory, threads }: Minidump): MemoryRange[] {
  return [...memory.regions, ...threads.flatMap(({ stack }) => stack ?? [])];
}

function restore(out: SparseBytes, sorted: readonly MemoryRange[], { address, length }: AddressSpan): void {
  const end = address + BigInt(length);
  for (const { base, bytes } of sorted) {
    if (base >= end) break;
    const from = address > base ? Number(address - base) : 0;
    const to = Math.min(Number(end - base), bytes.length);
    if (from >= to) continue;
    out.set(bytes.bytes(from, to), bytes.place + from);
  }
}

/** Header and directory, without the entries of streams that are not kept. */
function keepDirectory(out: SparseBytes, source: ByteSource, byteOrder: "little" | "big"): void {
  const file = new ByteReader(source, byteOrder);
  out.set(file.bytes(0, HEADER_BYTES), 0);
  const directory = file.u32(DIRECTORY_RVA_AT);
  const count = file.u32(ENTRY_COUNT_AT);
  for (let index = 0; index < count; index++) {
    const at = directory + index * DIRECTORY_ENTRY_BYTES;
    const isKept = KEPT_STREAMS.has(file.u32(at));
    out.set(isKept ? file.bytes(at, at + DIRECTORY_ENTRY_BYTES) : UNUSED_ENTRY, at);
  }
}

const NEWLINE = 0x0a;
const BLANK = 0x20;

/** A copied file without what no report is made of; the number of its lines stays. */
function blankedLines(source: Uint8Array, name: StreamName, paths: ReadonlySet<string>): Uint8Array {
  const text = Uint8Array.from(source);
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf(NEWLINE, at);
    const end = newline < 0 ? text.length : newline;
    const line = Buffer.from(text.subarray(at, end)).toString("utf8");
    const kept = keptOf(line, name, paths);
    // Not with blanks: an empty line is none.
    if (kept === "none") text.fill(0, at, end);
    else if (kept !== "all") text.fill(BLANK, at + kept, end);
    at = end + 1;
  }
  return text;
}

/** How many characters of a line stay; they are ASCII. */
function keptOf(line: string, name: StreamName, paths: ReadonlySet<string>): number | "all" | "none" {
  if (name !== "LinuxMaps") return (KEPT_LINES[name]?.test(line) ?? true) ? "all" : "none";
  const [, mapping, path = ""] = MAPPING.exec(line) ?? [];
  if (mapping === undefined) return "none";
  return paths.has(path.trim()) ? "all" : mapping.length;
}
