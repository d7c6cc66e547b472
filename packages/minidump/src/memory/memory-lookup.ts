import { holds, type MemoryRange } from "./memory-range.ts";

/** The memory that a dump carries, by address. */
export interface MemoryLookup {
  /** Sorted by base address, without overlap. */
  readonly regions: readonly MemoryRange[];
  /** The region that holds `address`, or undefined. Binary search. */
  at(address: bigint): MemoryRange | undefined;
}

/**
 * Makes a lookup out of regions in any order. Where two regions overlap the one that starts lower keeps its
 * bytes and the other loses its head: both were copied from the same process, so
 * its other bytes can be used as they are.
 */
export function memoryLookup(unsorted: readonly MemoryRange[]): MemoryLookup {
  const regions = withoutOverlap(unsorted);
  return { regions, at: (address) => find(regions, address) };
}

function withoutOverlap(unsorted: readonly MemoryRange[]): MemoryRange[] {
  const sorted = unsorted
    .filter((region) => region.bytes.length > 0)
    .sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : b.bytes.length - a.bytes.length));
  const regions: MemoryRange[] = [];
  let end = 0n;
  for (const region of sorted) {
    const regionEnd = region.base + BigInt(region.bytes.length);
    if (regionEnd <= end) continue;
    const covered = region.base < end ? end - region.base : 0n;
    regions.push(
      covered === 0n
        ? region
        : {
            base: region.base + covered,
            bytes: region.bytes.range(Number(covered), region.bytes.length - Number(covered))!,
          },
    );
    end = regionEnd;
  }
  return regions;
}

function find(regions: readonly MemoryRange[], address: bigint): MemoryRange | undefined {
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (regions[middle]!.base <= address) low = middle + 1;
    else high = middle;
  }
  const candidate = regions[low - 1];
  return candidate !== undefined && holds(candidate, address) ? candidate : undefined;
}
