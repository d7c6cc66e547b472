import type { MemoryRange } from "@mayday/minidump";

/** The 64-bit word at an address of a piece of memory; undefined when not all of it is there. */
export function readWord(range: MemoryRange | undefined, address: bigint): bigint | undefined {
  if (range === undefined) return undefined;
  const { base, bytes } = range;
  const offset = Number(address - base);
  if (!(offset >= 0 && offset + 8 <= bytes.length)) return undefined;
  return bytes.u64(offset);
}
