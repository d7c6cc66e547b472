import type { ByteReader } from "../byte-reader.ts";
import { listEntries } from "../list.ts";
import { follow, readLocation } from "../location.ts";
import type { MemoryRange } from "../memory-range.ts";
import { ok, type Result } from "../result.ts";
import type { StreamContext } from "../stream-context.ts";

const entrySize = 16;
const addressSpaceEnd = 1n << 64n;

/** Reads the MemoryList stream (MINIDUMP_MEMORY_LIST). Entries without readable bytes are left out. */
export function readMemoryList(stream: ByteReader, context: StreamContext): Result<MemoryRange[]> {
  const entries = listEntries(stream, entrySize);
  if (!entries.ok) return entries;
  const ranges: MemoryRange[] = [];
  for (const entry of context.bounded("MemoryList", entries.value)) {
    const range = readMemoryRange(entry, context.file);
    if (range !== undefined) ranges.push(range);
  }
  const left = entries.value.length - ranges.length;
  if (left > 0) context.note(`MemoryList: ${left} of ${entries.value.length} entries have no readable bytes`);
  return ok(ranges);
}

/**
 * Reads a MINIDUMP_MEMORY_DESCRIPTOR. undefined when it is empty, reaches past the end of the address space or
 * its bytes are not in the file.
 */
export function readMemoryRange(descriptor: ByteReader, file: ByteReader): MemoryRange | undefined {
  const base = descriptor.u64(0);
  const memory = follow(file, readLocation(descriptor, 8));
  if (memory === undefined || memory.length === 0) return undefined;
  if (base + BigInt(memory.length) > addressSpaceEnd) return undefined;
  return { base, bytes: memory.bytes };
}
