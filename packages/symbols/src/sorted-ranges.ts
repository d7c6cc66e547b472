/**
 * The order in which ranges are kept: sorted by start, then end; a range that begins inside the one kept before it
 * is dropped. So the smallest range wins among those that begin together (rust-minidump's rule for good files).
 * @returns indices of the kept ranges
 */
export function sortedRanges(
  count: number,
  startOf: (index: number) => number,
  sizeOf: (index: number) => number,
): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  if (!isSorted(order, startOf, sizeOf)) {
    order.sort((a, b) => startOf(a) - startOf(b) || sizeOf(a) - sizeOf(b) || a - b);
  }
  let kept = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    if (startOf(index) < end) continue;
    order[kept++] = index;
    end = startOf(index) + sizeOf(index);
  }
  return order.subarray(0, kept);
}

function isSorted(
  order: Uint32Array,
  startOf: (i: number) => number,
  sizeOf: (i: number) => number,
): boolean {
  for (let i = 1; i < order.length; i++) {
    const step = startOf(i) - startOf(i - 1);
    if (step < 0 || (step === 0 && sizeOf(i) < sizeOf(i - 1))) return false;
  }
  return true;
}
