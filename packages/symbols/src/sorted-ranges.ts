import type { GrowingArray } from "./growing-array.ts";

/** Ranges as columns: where each begins, and how long it is. */
export interface Ranges {
  readonly starts: Float64Array | Int32Array;
  readonly sizes: Uint32Array;
}

/**
 * Appends to `kept` the indices of the ranges from `from` up to `end` that are kept, in order: sorted by start, then
 * size; a range that begins inside the one kept before it is dropped. So the smallest range wins among those that
 * begin together (rust-minidump's rule for good files).
 */
export function keepSortedRanges(
  kept: GrowingArray<Uint32Array>,
  ranges: Ranges,
  from = 0,
  end: number = ranges.starts.length,
): void {
  const { starts, sizes } = ranges;
  const order = isSorted(ranges, from, end) ? undefined : sorted(ranges, from, end);
  let reached = Number.NEGATIVE_INFINITY;
  for (let i = from; i < end; i++) {
    const index = order === undefined ? i : order[i - from]!;
    if (starts[index]! < reached) continue;
    kept.push(index);
    reached = starts[index]! + sizes[index]!;
  }
}

function isSorted({ starts, sizes }: Ranges, from: number, end: number): boolean {
  for (let i = from + 1; i < end; i++) {
    const step = starts[i]! - starts[i - 1]!;
    if (step < 0 || (step === 0 && sizes[i]! < sizes[i - 1]!)) return false;
  }
  return true;
}

function sorted({ starts, sizes }: Ranges, from: number, end: number): Uint32Array {
  const order = Uint32Array.from({ length: end - from }, (_, i) => from + i);
  return order.sort((a, b) => starts[a]! - starts[b]! || sizes[a]! - sizes[b]! || a - b);
}
