/** Index of the last entry of a sorted array that is at or before `key`; -1 when there is none. */
export function lastAtOrBefore(sorted: Uint32Array | Float64Array, key: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
