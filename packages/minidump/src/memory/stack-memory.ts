import type { Minidump, MinidumpThread } from "../minidump.ts";
import { holds, type MemoryRange } from "./memory-range.ts";

/**
 * The memory to unwind `thread` in, given its stack pointer: the bytes that came with the thread, else the
 * region where its stack starts. When that one does not hold `stackPointer` the region that does is taken:
 * a thread that runs on another stack (a signal handler's, a coroutine's) has its stack elsewhere.
 * undefined when the dump has none of them.
 */
export function stackMemory(
  dump: Minidump,
  thread: MinidumpThread,
  stackPointer: bigint,
): MemoryRange | undefined {
  const own = thread.stack ?? dump.memory.at(thread.stackStart);
  if (own !== undefined && holds(own, stackPointer)) return own;
  return dump.memory.at(stackPointer) ?? own;
}
