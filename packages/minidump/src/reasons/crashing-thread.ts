import type { Minidump } from "../minidump.ts";

/**
 * Index in `dump.threads` of the thread the report is about: the one that crashed, or the one that asked for
 * the dump. undefined when the dump names none, names one that is not in the list, or the one that wrote it.
 */
export function crashingThreadIndex(dump: Minidump): number | undefined {
  const id = dump.exception?.threadId ?? dump.breakpadInfo?.requestingThreadId;
  if (id === undefined || id === dump.breakpadInfo?.dumpThreadId) return undefined;
  // Where an id occurs twice the later entry is the one meant, as rust-minidump reads it.
  const index = dump.threads.findLastIndex((thread) => thread.id === id);
  return index < 0 ? undefined : index;
}
