import type { ByteReader } from "../bytes/byte-reader.ts";
import { listEntries, type PlainList } from "../bytes/list.ts";
import { follow, isInside, readLocation } from "../bytes/location.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import { readCpuContext } from "../contexts/read-cpu-context.ts";
import type { MemoryRange } from "../memory/memory-range.ts";
import type { MinidumpThread } from "../minidump.ts";
import { readMemoryRange } from "./memory-list.ts";

const entrySize = 48;

const list = ({ file }: StreamContext, architecture: number): PlainList => ({
  name: "ThreadList",
  entrySize,
  plausibility(entry) {
    const { size, rva } = readLocation(entry, 40);
    const record = size > 0 && isInside(file, readLocation(entry, 32)) ? file.peek(rva, size) : undefined;
    if (record === undefined) return 0;
    return readCpuContext(architecture, record) === undefined ? 1 : 2;
  },
});

/**
 * Reads the ThreadList stream (MINIDUMP_THREAD, minidumpapiset.h). A thread whose context or stack cannot be
 * read is kept without it: its id and the rest of the list still tell something.
 */
export function readThreadList(
  stream: ByteReader,
  context: StreamContext,
  architecture: number,
  names: ReadonlyMap<number, string>,
): Result<MinidumpThread[]> {
  const entries = listEntries(stream, list(context, architecture), context);
  if (!entries.ok) return entries;
  const threads = context.bounded("ThreadList", entries.value).map((entry): MinidumpThread => {
    const id = entry.u32(0);
    const record = follow(context.file, readLocation(entry, 40));
    return {
      id,
      teb: entry.u64(16),
      stackStart: entry.u64(24),
      stack: readStack(entry, context),
      context: record === undefined ? undefined : readCpuContext(architecture, record),
      name: names.get(id),
    };
  });
  noteMissing(threads, context);
  return ok(threads);
}

/**
 * Windows writers have been seen to leave the stack's location empty although its start address is right; the
 * bytes are then in the memory list, where `stackMemory` looks.
 */
function readStack(entry: ByteReader, context: StreamContext): MemoryRange | undefined {
  return readMemoryRange(entry.range(24, 16)!, context);
}

function noteMissing(threads: readonly MinidumpThread[], context: StreamContext): void {
  const count = threads.filter((thread) => thread.context === undefined).length;
  if (count > 0) context.note(`ThreadList: ${count} of ${threads.length} threads have no readable context`);
}
