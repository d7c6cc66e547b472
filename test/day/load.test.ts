import { describe, expect, it } from "vitest";
import { arrivalAt, sizeAt } from "./load.ts";

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

describe("a day's arrivals", () => {
  it("are three times as many as in the mean for a tenth of it", () => {
    expect(arrivalAt(0)).toBe(0);
    expect(arrivalAt(1)).toBe(1);
    expect(0.1 / (arrivalAt(0.55) - arrivalAt(0.45))).toBeCloseTo(3);
    expect(arrivalAt(0.65) - arrivalAt(0.35)).toBeCloseTo(0.1);
  });
});
