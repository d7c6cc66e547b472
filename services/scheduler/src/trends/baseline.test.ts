import { describe, expect, it } from "vitest";
import { mulberry32, poisson } from "../../../../test/mulberry32.ts";
import { judge } from "./baseline.ts";

/** Nine weeks of a signature, weekends at 60 %; the last day a Monday. @param share how many of its crashes are kept */
function history(mean: number, next: () => number, share = 1): number[] {
  const weekday = (index: number) => ((index + 1) % 7 >= 5 ? 0.6 : 1);
  return Array.from({ length: 64 }, (_, index) => poisson(mean * weekday(index) * share, next) / share);
}

describe("a signature's trend", () => {
  it("is none where its days are as they were: less than one of 2,000 steady signatures a day", () => {
    const next = mulberry32(1);
    for (const [share, runs] of [
      [1, 6000],
      [0.1, 6000],
    ] as const) {
      let false_ = 0;
      for (let run = 0; run < runs; run++) {
        const mean = [2, 10, 40, 150][run % 4]!;
        if (judge({ counts: history(mean, next, share), weight: 1 / share }) !== undefined) false_++;
      }
      expect(false_ / runs).toBeLessThan(1 / 2000);
    }
  });

  it("is rising where it triples, on that day, in 97 of 100", () => {
    const next = mulberry32(2);
    let found = 0;
    for (let run = 0; run < 1000; run++) {
      const counts = history(30, next);
      counts[63] = poisson(90, next);
      if (judge({ counts, weight: 1 })?.kind === "rising") found++;
    }
    expect(found).toBeGreaterThanOrEqual(970);
  });

  it("is none on a day that is high each week, and one odd week hides no rise", () => {
    const weekly: number[] = Array.from({ length: 64 }, (_, index) => (index % 7 === 0 ? 100 : 10));
    expect(judge({ counts: weekly, weight: 1 })).toBeUndefined();
    const odd = weekly.map((count, index) => (index === 49 ? 5000 : count));
    odd[63] = 300;
    expect(judge({ counts: odd, weight: 1 })).toMatchObject({
      kind: "rising",
      count: 300,
      expected: 100,
      days: 1,
    });
  });

  it("is new where nothing was before the last three days, and none where the data begins with it", () => {
    const counts = [...Array.from({ length: 61 }, () => 0), 0, 2, 4];
    expect(judge({ counts, weight: 1 })).toMatchObject({ kind: "new", count: 6, days: 3 });
    expect(judge({ counts: counts.slice(-10), weight: 1 })).toBeUndefined();
    expect(judge({ counts: [...counts.slice(0, 61), 0, 2, 2], weight: 1 })).toBeUndefined();
  });

  it("is gone where three days lack what the same weekdays had, and none where too few are missed", () => {
    const counts = [...Array.from({ length: 61 }, () => 8), 0, 0, 0];
    expect(judge({ counts, weight: 1 })).toMatchObject({ kind: "gone", count: 0, expected: 24, days: 3 });
    expect(judge({ counts: counts.map((count) => count / 2), weight: 1 })).toBeUndefined();
  });
});
