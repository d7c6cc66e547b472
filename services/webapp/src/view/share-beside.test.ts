import { describe, expect, it } from "vitest";
import { shareBeside, zOfMany } from "./share-beside.ts";

describe("two shares beside each other", () => {
  it("differ surely by less than they differ, and not at all where chance may explain it", () => {
    const clear = shareBeside("x", { count: 90, total: 100 }, { count: 2000, total: 10_000 });
    expect(clear).toMatchObject({ here: 0.9, all: 0.2, standsOut: true });
    expect(clear.surely).toBeGreaterThan(0.6);
    expect(clear.surely).toBeLessThan(0.7);
    expect(shareBeside("x", { count: 3, total: 10 }, { count: 2000, total: 10_000 }).surely).toBe(0);
    expect(shareBeside("x", { count: 0, total: 0 }, { count: 0, total: 0 }).surely).toBe(0);
  });

  it("must differ by more where many are looked at", () => {
    expect(zOfMany(1)).toBe(1.96);
    // The quantile of a normal distribution at 1 - 0.05 / 2000.
    expect(zOfMany(1000)).toBeCloseTo(4.06, 1);
    const of = (intervals: number) =>
      shareBeside("x", { count: 32, total: 100 }, { count: 2000, total: 10_000 }, zOfMany(intervals)).surely;
    expect(of(1)).toBeGreaterThan(0);
    expect(of(1000)).toBe(0);
  });
});
