/** The last of some things, sorted by where they start, that starts at or before an address. */
export function lastAtOrBefore<T>(
  sorted: readonly T[],
  address: bigint,
  startOf: (thing: T) => bigint,
): T | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(sorted[middle]!) <= address) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
