/** A piece of the crashed process's memory. `bytes` is a view into the dump, not a copy. */
export interface MemoryRange {
  /** Address of the first byte in the crashed process. */
  readonly base: bigint;
  readonly bytes: Uint8Array;
}

/** Whether `address` lies inside `range`. */
export function holds(range: MemoryRange, address: bigint): boolean {
  return address >= range.base && address - range.base < BigInt(range.bytes.length);
}
