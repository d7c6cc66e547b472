import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GrowingArray } from "../format/growing-array.ts";
import { keepSortedRanges } from "./sorted-ranges.ts";

type Range = readonly [start: number, size: number];

function kept(ranges: readonly Range[]): number[] {
  const indices = new GrowingArray(Uint32Array, 1);
  const columns = {
    starts: Float64Array.from(ranges, ([start]) => start),
    sizes: Uint32Array.from(ranges, ([, size]) => size),
    length: ranges.length,
  };
  keepSortedRanges(indices, columns);
  return [...indices.view()];
}

/** The same in plain words: the smallest begins; then always the smallest that does not begin inside the last. */
function plainly(ranges: readonly Range[]): number[] {
  const left = ranges.map(([start, size], index) => ({ start, size, index }));
  left.sort((a, b) => a.start - b.start || a.size - b.size || a.index - b.index);
  const result: typeof left = [];
  for (const range of left) {
    const last = result.at(-1);
    if (last === undefined || range.start >= last.start + last.size) result.push(range);
  }
  return result.map(({ index }) => index);
}

describe("keepSortedRanges", () => {
  it("keeps ranges that are in order as they are", () => {
    expect(
      kept([
        [0, 4],
        [4, 4],
        [10, 1],
      ]),
    ).toEqual([0, 1, 2]);
  });

  it("sorts the others", () => {
    expect(
      kept([
        [10, 1],
        [0, 4],
        [4, 4],
      ]),
    ).toEqual([1, 2, 0]);
  });

  it("drops one that begins inside the one before, also if it reaches further", () => {
    expect(
      kept([
        [0, 4],
        [3, 100],
        [4, 1],
      ]),
    ).toEqual([0, 2]);
  });

  it("keeps the smallest of those that begin together, and the first of equal ones", () => {
    expect(
      kept([
        [0, 8],
        [0, 4],
        [0, 4],
      ]),
    ).toEqual([1]);
  });

  it("does what plain words say", () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
        expect(kept(ranges)).toEqual(plainly(ranges));
      }),
    );
  });
});
