import { describe, expect, it } from "vitest";
import { sizeAt } from "./load.ts";

describe("a day's sizes", () => {
  it("have the median, the mean and the p95 that a day has", () => {
    expect(sizeAt(0.5)).toBeCloseTo(220e3, -1);
    expect(sizeAt(0.95)).toBeCloseTo(1.5e6, -1);
    const sizes = Array.from({ length: 10_000 }, (_, n) => sizeAt((n + 0.5) / 10_000));
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(mean).toBeGreaterThan(300e3);
    expect(mean).toBeLessThan(360e3);
  });
});
