import { describe, expect, it } from "vitest";
import { mulberry32, poisson } from "../../../../test/mulberry32.ts";
import { rateOf } from "./rate.ts";
import { atWorst } from "./rates.ts";

describe("a rate", () => {
  it("is unknown where the hours are, and has an upper bound where there is no crash", () => {
    expect(rateOf([{ count: 5, weight: 1 }], undefined)).toBeUndefined();
    expect(rateOf([{ count: 5, weight: 1 }], 0)).toBeUndefined();
    const none = rateOf([], 1000);
    expect(none).toMatchObject({ rate: 0, low: 0 });
    // Garwood's exact upper limit of nothing is 3.689; Byar's is a little less.
    expect(none?.high).toBeCloseTo(3.67, 1);
  });

  it("has Poisson's interval where all crashes are kept", () => {
    // Garwood's exact limits of 10: 4.795 and 18.390.
    const ten = rateOf([{ count: 10, weight: 1 }], 1000);
    expect(ten?.rate).toBeCloseTo(10);
    expect(ten?.low).toBeCloseTo(4.795, 1);
    expect(ten?.high).toBeCloseTo(18.39, 1);
  });

  it("is within its interval 95 times of 100, of crashes of which 10, 25 and 100 % were kept", () => {
    const next = mulberry32(23);
    const shares = [0.1, 0.25, 1];
    const hours = 50_000;
    let runs = 0;
    let within = 0;
    let withSumsAlone = 0;
    for (const crashes of [60, 150, 400]) {
      for (let run = 0; run < 1000; run++) {
        const counts = shares.map((share) => ({
          count: poisson((crashes / shares.length) * share, next),
          weight: 1 / share,
        }));
        const truth = (crashes * 1000) / hours;
        const isWithin = ({ low, high } = rateOf(counts, hours)!) => low <= truth && truth <= high;
        runs++;
        if (isWithin()) within++;
        const sum = (of: (one: (typeof counts)[number]) => number) =>
          counts.reduce((total, one) => total + of(one), 0);
        const sums = [sum(({ count }) => count), sum(({ count, weight }) => count * weight)] as const;
        if (isWithin(rateOf(atWorst(...sums), hours)!)) withSumsAlone++;
      }
    }
    expect(within / runs).toBeGreaterThanOrEqual(0.95);
    // As of an index, which does not tell the shares apart.
    expect(withSumsAlone / runs).toBeGreaterThanOrEqual(0.95);
  });
});
