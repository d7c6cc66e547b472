import type { GrowingArray } from "../format/growing-array.ts";

/** Ranges as columns: where each begins, and how long it is. Only the first `length` entries count. */
export interface Ranges {
  readonly starts: Float64Array | Int32Array;
  readonly sizes: Uint32Array;
  readonly length: number;
}

/**
 * Appends to `kept` the indices of the ranges that are kept, in order: sorted by start, then size; a range that begins
 * inside the one kept before it is dropped. So the smallest range wins among those that begin together
 * (rust-minidump's rule for good files).
 */
export function keepSortedRanges(kept: GrowingArray<Uint32Array>, ranges: Ranges): void {
  const { starts, sizes, length } = ranges;
  const order = isSorted(ranges) ? undefined : sorted(ranges);
  let reached = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const index = order === undefined ? i : order[i]!;
    if (starts[index]! < reached) continue;
    kept.push(index);
    reached = starts[index]! + sizes[index]!;
  }
}

function isSorted({ starts, sizes, length }: Ranges): boolean {
  for (let i = 1; i < length; i++) {
    const step = starts[i]! - starts[i - 1]!;
    if (step < 0 || (step === 0 && sizes[i]! < sizes[i - 1]!)) return false;
  }
  return true;
}

/** In a plain array: its sort is quick where dumpers leave a few ranges out of order, which typed arrays' is not. */
function sorted({ starts, sizes, length }: Ranges): number[] {
  const order = new Array<number>(length);
  for (let i = 0; i < length; i++) order[i] = i;
  return order.sort((a, b) => starts[a]! - starts[b]! || sizes[a]! - sizes[b]! || a - b);
}
