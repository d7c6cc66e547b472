import { describe, expect, it } from "vitest";
import { thinned } from "./operations.ts";

const point = (waiting: number) => ({
  time: new Date(waiting),
  queues: { standard: { waiting, delayed: 0, active: 0, failed: 0, oldestMs: 0 } },
});

describe("points of a plot", () => {
  it("are at most so many, and keep every peak", () => {
    const points = Array.from({ length: 20_160 }, (_, index) =>
      point(index === 7777 ? 1_000_000 : index % 10),
    );
    const few = thinned(points);
    expect(few.length).toBeLessThanOrEqual(500);
    expect(few).toContain(points[7777]);
  });

  it("are all there when they are few", () => {
    const points = [point(1), point(2)];
    expect(thinned(points)).toEqual(points);
    expect(thinned([])).toEqual([]);
  });
});
