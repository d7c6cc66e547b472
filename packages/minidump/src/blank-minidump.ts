import { readDirectory } from "./directory.ts";
import { follow } from "./location.ts";
import type { MemoryRange } from "./memory-range.ts";
import { fail, ok, type Result } from "./result.ts";
import { StreamContext } from "./stream-context.ts";
import { type StreamName, streamTypes } from "./stream-type.ts";
import { readMemoryList } from "./streams/memory-list.ts";
import { readMemory64List } from "./streams/memory64-list.ts";
import { readThreadList } from "./streams/thread-list.ts";

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

/** The type of a directory entry that is not used (minidumpapiset.h). */
const UNUSED_STREAM = 0;
const DIRECTORY_ENTRY_BYTES = 12;
const ENTRY_COUNT_AT = 8;
const DIRECTORY_RVA_AT = 12;

/**
 * The same dump with its memory blanked: of stacks, heap and whatever else was copied only the spans in `kept` stay,
 * everything else is zeros. The environment, annotations, and streams that this package does not read are gone. Sizes
 * and places stay as they are, so that whoever reads the dump finds all that is left.
 */
export function blankMinidump(bytes: Uint8Array, kept: Iterable<AddressSpan>): Result<Uint8Array> {
  const source = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = readDirectory(source);
  if (!file.ok) return fail(file.error);
  const context = new StreamContext(file.value.reader);
  const out = new Uint8Array(source);
  const memory = memoryRanges(file.value.streams, context);
  for (const range of memory) blank(out, source, range.bytes);
  const sorted = [...memory].sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  for (const span of kept) restore(out, source, sorted, span);
  dropStreams(out, file.value.reader.byteOrder);
  return ok(out);
}

/** Every piece of memory that any stream points at, as it is given: where pieces overlap each has bytes of its own. */
function memoryRanges(
  streams: ReadonlyMap<number, { readonly size: number; readonly rva: number }>,
  context: StreamContext,
): MemoryRange[] {
  const read = <T>(
    name: StreamName,
    reader: (stream: NonNullable<ReturnType<typeof follow>>) => Result<T[]>,
  ) => {
    const location = streams.get(streamTypes[name]);
    const stream = location && follow(context.file, location);
    const result = stream && reader(stream);
    return result?.ok ? result.value : [];
  };
  const noArchitecture = 0xffff;
  const threads = read("ThreadList", (stream) => readThreadList(stream, context, noArchitecture, new Map()));
  return [
    ...read("MemoryList", (stream) => readMemoryList(stream, context)),
    ...read("Memory64List", (stream) => readMemory64List(stream, context)),
    ...threads.flatMap(({ stack }) => stack ?? []),
  ];
}

function blank(out: Uint8Array, source: Uint8Array, view: Uint8Array): void {
  const start = view.byteOffset - source.byteOffset;
  out.fill(0, start, start + view.length);
}

function restore(
  out: Uint8Array,
  source: Uint8Array,
  sorted: readonly MemoryRange[],
  { address, length }: AddressSpan,
): void {
  const end = address + BigInt(length);
  for (const { base, bytes } of sorted) {
    if (base >= end) break;
    const from = address > base ? Number(address - base) : 0;
    const to = Math.min(Number(end - base), bytes.length);
    if (from >= to) continue;
    const place = bytes.byteOffset - source.byteOffset;
    out.set(bytes.subarray(from, to), place + from);
  }
}

/** Blanks the streams that are not kept, and their entries in the directory. */
function dropStreams(out: Uint8Array, byteOrder: "little" | "big"): void {
  const view = new DataView(out.buffer);
  const u32 = (at: number) => view.getUint32(at, byteOrder === "little");
  const directory = u32(DIRECTORY_RVA_AT);
  const count = u32(ENTRY_COUNT_AT);
  for (let index = 0; index < count; index++) {
    const entry = directory + index * DIRECTORY_ENTRY_BYTES;
    if (KEPT_STREAMS.has(u32(entry))) continue;
    const [size, rva] = [u32(entry + 4), u32(entry + 8)];
    // Not the header, whatever a broken entry says.
    if (rva >= directory + count * DIRECTORY_ENTRY_BYTES) out.fill(0, rva, rva + size);
    for (const at of [entry, entry + 4, entry + 8]) view.setUint32(at, UNUSED_STREAM);
  }
}
