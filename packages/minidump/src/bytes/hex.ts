/** A u32 as `0x` and 8 hex digits. */
export function hex8(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

/** A u64 as `0x` and 16 hex digits. */
export function hex16(value: bigint): string {
  return `0x${value.toString(16).padStart(16, "0")}`;
}
