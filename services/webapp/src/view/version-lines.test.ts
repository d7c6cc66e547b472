import { describe, expect, it } from "vitest";
import { placedLabels, versionLines } from "./version-lines.ts";

const today = new Date("2026-11-22T14:00:00Z");
const start = (version: string, at: string) => ({ version, at: new Date(at) });

describe("the lines of versions in a plot", () => {
  it("stand where the first build was made, the last day being today", () => {
    const lines = versionLines(
      [
        start("1.6", "2026-11-22T12:00:00Z"),
        start("1.5", "2026-11-13T00:00:00Z"),
        start("1.4", "2026-11-12T23:59:00Z"),
      ],
      10,
      today,
    );
    expect(lines.map(({ version, x }) => [version, x])).toEqual([
      ["1.5", 0],
      ["1.6", 0.95],
    ]);
  });

  it("have labels that are never over each other, however narrow the plot", () => {
    const many = Array.from({ length: 8 }, (_, n) => start(`1.6.${n}`, `2026-11-${15 + n}T00:00:00Z`));
    for (const width of [290, 400, 900, 2500]) {
      const labels = placedLabels(versionLines(many, 14, today), width);
      expect(labels.length).toBeGreaterThan(4);
      for (const one of labels)
        for (const other of labels) {
          if (one === other || one.row !== other.row) continue;
          const [a, b] = [one, other].map(({ x, isLeft }) => {
            const at = x * width;
            return isLeft ? [at - 40, at] : [at, at + 40];
          }) as [number[], number[]];
          expect(a[1]! <= b[0]! || b[1]! <= a[0]!).toBe(true);
        }
    }
  });

  it("go without labels where there is no room", () => {
    const long = [start("w".repeat(500), "2026-11-20T00:00:00Z")];
    expect(placedLabels(versionLines(long, 14, today), 900)).toEqual([]);
  });
});
