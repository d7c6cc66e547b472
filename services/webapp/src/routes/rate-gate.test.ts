import { describe, expect, it } from "vitest";
import { createRateGate } from "./rate-gate.ts";

describe("a rate gate", () => {
  let time = 0;
  const now = () => new Date(time);

  it("lets a key pass once in its time", () => {
    time = 0;
    const gate = createRateGate(1000, 10, now);
    expect([gate.pass("a"), gate.pass("a"), gate.pass("b")]).toEqual([true, false, true]);
    time = 999;
    expect(gate.pass("a")).toBe(false);
    time = 1000;
    expect([gate.pass("a"), gate.pass("a")]).toEqual([true, false]);
  });

  it("lets a key pass again that it was told to forget", () => {
    const gate = createRateGate(1000, 10, now);
    gate.pass("a");
    gate.forget("a");
    expect(gate.pass("a")).toBe(true);
  });

  it("remembers no more keys than it has room for, the latest ones", () => {
    const gate = createRateGate(1000, 2, now);
    for (const key of ["a", "b", "c"]) gate.pass(key);
    expect([gate.pass("c"), gate.pass("b"), gate.pass("a")]).toEqual([false, false, true]);
  });
});
