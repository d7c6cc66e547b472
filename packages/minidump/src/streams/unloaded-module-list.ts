import type { ByteReader } from "../bytes/byte-reader.ts";
import { extendedListEntries } from "../bytes/list.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import { baseName } from "../modules/base-name.ts";
import { timestampCodeId } from "../modules/module-identity.ts";

/** A program file that had been mapped, and was no longer when the process crashed. */
export interface UnloadedModule {
  readonly base: bigint;
  /** Bytes. */
  readonly size: number;
  readonly name: string;
  /** Last part of `name`. */
  readonly fileName: string;
  /** Time stamp and size, lower-case hex. */
  readonly codeId: string;
}

const entrySize = 24;

/** Reads the UnloadedModuleList stream (MINIDUMP_UNLOADED_MODULE). Entries that cover nothing are left out. */
export function readUnloadedModuleList(stream: ByteReader, context: StreamContext): Result<UnloadedModule[]> {
  const entries = extendedListEntries(
    stream,
    { name: "UnloadedModuleList", entrySize, countBytes: 4 },
    context,
  );
  if (!entries.ok) return entries;
  const modules: UnloadedModule[] = [];
  for (const entry of context.bounded("UnloadedModuleList", entries.value)) {
    const size = entry.u32(8);
    if (size === 0) continue;
    const name = context.string(entry.u32(20)) ?? "";
    modules.push({
      base: entry.u64(0),
      size,
      name,
      fileName: baseName(name),
      codeId: timestampCodeId(entry.u32(16), size),
    });
  }
  return ok(modules);
}
