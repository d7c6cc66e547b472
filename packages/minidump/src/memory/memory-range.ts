import type { ByteReader } from "../bytes/byte-reader.ts";

/** A piece of the crashed process's memory, read where it lies in the dump. */
export interface MemoryRange {
  /** Address of the first byte in the crashed process. */
  readonly base: bigint;
  readonly bytes: ByteReader;
}

/** Whether `address` lies inside `range`. */
export function holds(range: MemoryRange, address: bigint): boolean {
  return address >= range.base && address - range.base < BigInt(range.bytes.length);
}
