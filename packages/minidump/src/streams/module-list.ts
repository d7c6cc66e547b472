import type { ByteReader } from "../bytes/byte-reader.ts";
import { listEntries, type PlainList } from "../bytes/list.ts";
import { isInside, readLocation } from "../bytes/location.ts";
import { mayBeString } from "../bytes/minidump-string.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import { moduleFileName } from "../modules/module-file-name.ts";
import { moduleIdentity } from "../modules/module-identity.ts";
import { moduleVersion } from "../modules/module-version.ts";
import type { Os } from "../system/cpu-and-os.ts";

/** A program file that was mapped into the process. */
export interface MinidumpModule {
  /** Address of its first byte. */
  readonly base: bigint;
  /** Bytes it covers. */
  readonly size: number;
  /** Full path, as the dump has it; empty when unreadable. */
  readonly name: string;
  /** Name of the file without folders, cleaned of what systems add: symbols are found by it. */
  readonly fileName: string;
  /** Name of the file with debug information, without folders; undefined when the module names none. */
  readonly debugFile: string | undefined;
  /** Breakpad text: 32 upper-case hex digits and the age in lower-case hex. undefined when it has none. */
  readonly debugId: string | undefined;
  /** Lower-case hex: build id, or time stamp and size. undefined when it has none. */
  readonly codeId: string | undefined;
  /** Four numbers with dots between; undefined when the writer knew none. */
  readonly version: string | undefined;
}

const entrySize = 108;
const addressSpaceEnd = 1n << 64n;

const list = ({ file }: StreamContext): PlainList => ({
  name: "ModuleList",
  entrySize,
  plausibility: (entry) =>
    Number(entry.u32(8) > 0 && mayBeString(file, entry.u32(20)) && isInside(file, readLocation(entry, 76))),
});

/**
 * Reads the ModuleList stream (MINIDUMP_MODULE, minidumpapiset.h). Entries that cover nothing, or reach past
 * the end of the address space, are left out. A module with an unreadable name stays: in a dump cut off in
 * transit its base, size and ids may be all there, and they are what symbolication needs.
 */
export function readModuleList(stream: ByteReader, context: StreamContext, os: Os): Result<MinidumpModule[]> {
  const entries = listEntries(stream, list(context), context);
  if (!entries.ok) return entries;
  const modules: MinidumpModule[] = [];
  let nameless = 0;
  for (const entry of context.bounded("ModuleList", entries.value)) {
    const base = entry.u64(0);
    const size = entry.u32(8);
    if (size === 0 || base + BigInt(size) > addressSpaceEnd) continue;
    const name = context.string(entry.u32(20));
    if (name === undefined) nameless++;
    modules.push({
      base,
      size,
      name: name ?? "",
      fileName: moduleFileName(name ?? "", os),
      ...moduleIdentity(entry, context, os, name ?? ""),
      version: moduleVersion(entry.range(24, 52)!, os),
    });
  }
  const total = entries.value.length;
  if (modules.length < total) {
    context.note(`ModuleList: ${total - modules.length} of ${total} entries cover no memory`);
  }
  if (nameless > 0) context.note(`ModuleList: ${nameless} of ${total} names cannot be read`);
  return ok(modules);
}
