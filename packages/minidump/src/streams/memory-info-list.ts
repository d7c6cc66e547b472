import type { ByteReader } from "../bytes/byte-reader.ts";
import { extendedListEntries } from "../bytes/list.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";

/** A stretch of the process's address space, with or without its bytes in the dump. */
export interface MemoryInfo {
  readonly base: bigint;
  /** Bytes. */
  readonly size: bigint;
  readonly state: "committed" | "reserved" | "free";
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

const entrySize = 48;

/** MEM_RESERVE and MEM_FREE (winnt.h); everything else counts as committed. */
const reserved = 0x2000;
const free = 0x1_0000;

/** Groups of the PAGE_ protection bits (winnt.h) by what they allow. */
const readBits = 0x02 | 0x04 | 0x08 | 0x20 | 0x40 | 0x80;
const writeBits = 0x04 | 0x08 | 0x40 | 0x80;
const executeBits = 0x10 | 0x20 | 0x40 | 0x80;

/** Reads the MemoryInfoList stream (MINIDUMP_MEMORY_INFO, minidumpapiset.h). */
export function readMemoryInfoList(stream: ByteReader, context: StreamContext): Result<MemoryInfo[]> {
  const entries = extendedListEntries(stream, { name: "MemoryInfoList", entrySize, countBytes: 8 }, context);
  if (!entries.ok) return entries;
  return ok(
    context.bounded("MemoryInfoList", entries.value).map((entry): MemoryInfo => {
      const state = entry.u32(32);
      const protection = state === free || state === reserved ? 0 : entry.u32(36);
      return {
        base: entry.u64(0),
        size: entry.u64(24),
        state: state === free ? "free" : state === reserved ? "reserved" : "committed",
        readable: (protection & readBits) !== 0,
        writable: (protection & writeBits) !== 0,
        executable: (protection & executeBits) !== 0,
      };
    }),
  );
}
