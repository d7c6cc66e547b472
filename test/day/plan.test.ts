import { describe, expect, it } from "vitest";
import { COSTS, dayCost, machinesFor, needsOf } from "./plan.ts";

describe("the plan", () => {
  const cost = { part: "kettle", report: 10, kept: 100, ping: 0, waitSeconds: 1 };

  it("takes what is kept into the mean, and the spike for the rate", () => {
    const { rate, seconds, busy, waitSeconds, servers } = needsOf(cost, 1);
    expect(rate).toBeCloseTo((420_000 * 3) / 86_400);
    // Nine of ten cost 10 ms, one 110.
    expect(seconds).toBeCloseTo(0.02);
    expect(servers).toBe(1);
    expect(busy).toBeCloseTo(rate * seconds);
    expect(waitSeconds).toBeLessThan(1);
  });

  it("needs no more than ten times as much for ten times the day, and never waits too long", () => {
    for (const one of COSTS) {
      const [once, tenTimes] = [needsOf(one, 1), needsOf(one, 10)];
      expect(tenTimes.servers).toBeLessThanOrEqual(once.servers * 10);
      for (const { busy, waitSeconds } of [once, tenTimes]) {
        expect(busy).toBeLessThanOrEqual(0.7);
        expect(waitSeconds).toBeLessThanOrEqual(one.waitSeconds);
      }
    }
    const needs = (times: number) => COSTS.map((one) => needsOf(one, times));
    expect(machinesFor(needs(10))).toBeLessThanOrEqual(machinesFor(needs(1)) * 10);
  });

  it("costs a day what its parts cost", () => {
    const { reports } = dayCost();
    const each = COSTS.reduce((sum, { report, kept }) => sum + report + kept / 10, 0);
    expect(reports).toBeCloseTo(420 * each, 5);
  });
});
