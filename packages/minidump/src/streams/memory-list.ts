import type { ByteReader } from "../bytes/byte-reader.ts";
import { listEntries, type PlainList } from "../bytes/list.ts";
import { isInside, peekCut, readLocation } from "../bytes/location.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import type { MemoryRange } from "../memory/memory-range.ts";

const entrySize = 16;
const addressSpaceEnd = 1n << 64n;

const list = ({ file }: StreamContext): PlainList => ({
  name: "MemoryList",
  entrySize,
  plausibility(entry) {
    const { size, rva } = readLocation(entry, 8);
    return Number(size > 0 && rva > 0 && isInside(file, { size, rva }));
  },
});

/** Reads the MemoryList stream (MINIDUMP_MEMORY_LIST). Entries without readable bytes are left out. */
export function readMemoryList(stream: ByteReader, context: StreamContext): Result<MemoryRange[]> {
  const entries = listEntries(stream, list(context), context);
  if (!entries.ok) return entries;
  const ranges: MemoryRange[] = [];
  for (const entry of context.bounded("MemoryList", entries.value)) {
    const range = readMemoryRange(entry, context);
    if (range !== undefined) ranges.push(range);
  }
  const left = entries.value.length - ranges.length;
  if (left > 0) context.note(`MemoryList: ${left} of ${entries.value.length} entries have no readable bytes`);
  return ok(ranges);
}

/**
 * Reads a MINIDUMP_MEMORY_DESCRIPTOR. undefined when it is empty, reaches past the end of the address space or
 * its bytes are not in the file; of what the file's end cuts off the part that is there counts.
 */
export function readMemoryRange(descriptor: ByteReader, { file }: StreamContext): MemoryRange | undefined {
  const base = descriptor.u64(0);
  const memory = peekCut(file, readLocation(descriptor, 8));
  if (memory === undefined || memory.length === 0) return undefined;
  if (base + BigInt(memory.length) > addressSpaceEnd) return undefined;
  return { base, bytes: memory };
}
