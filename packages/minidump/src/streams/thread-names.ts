import type { ByteReader } from "../bytes/byte-reader.ts";
import { listEntries, type PlainList } from "../bytes/list.ts";
import { mayBeString } from "../bytes/minidump-string.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";

const entrySize = 12;

const list = ({ file }: StreamContext): PlainList => ({
  name: "ThreadNames",
  entrySize,
  plausibility: (entry) => Number(mayBeString(file, Number(entry.u64(4)))),
});

/** Reads the ThreadNames stream (MINIDUMP_THREAD_NAME): thread id → name. Unreadable names are left out. */
export function readThreadNames(stream: ByteReader, context: StreamContext): Result<Map<number, string>> {
  const entries = listEntries(stream, list(context), context);
  if (!entries.ok) return entries;
  const names = new Map<number, string>();
  for (const entry of context.bounded("ThreadNames", entries.value)) {
    const name = context.string(Number(entry.u64(4)));
    if (name !== undefined) names.set(entry.u32(0), name);
  }
  return ok(names);
}
