import { describe, expect, it } from "vitest";
import { MemoryBudget, type Share } from "./memory-budget.ts";

/** A reader that knows whether it was told to wait. */
function open(budget: MemoryBudget): Share & { readonly waits: boolean } {
  let waits = false;
  const share = budget.open({
    pause() {
      waits = true;
    },
    resume() {
      waits = false;
    },
  });
  return {
    ...share,
    get waits() {
      return waits;
    },
  };
}

describe("the memory budget", () => {
  it("lets all read until it is used up, and then only the oldest", () => {
    const budget = new MemoryBudget(100);
    const [first, second, third] = [open(budget), open(budget), open(budget)];
    first.add(40);
    second.add(40);
    expect([first.waits, second.waits]).toEqual([false, false]);
    third.add(40);
    second.add(10);
    first.add(10);
    expect([first.waits, second.waits, third.waits]).toEqual([false, true, true]);
  });

  it("lets the next oldest read when the oldest is read, and all when there is room", () => {
    const budget = new MemoryBudget(100);
    const [first, second, third] = [open(budget), open(budget), open(budget)];
    for (const share of [first, second, third]) share.add(60);
    first.endReading();
    expect([second.waits, third.waits]).toEqual([false, true]);
    second.endReading();
    first.release();
    second.release();
    expect(third.waits).toBe(false);
    expect(budget.used).toBe(60);
  });

  it("forgets a reader that hung up while it waited", () => {
    const budget = new MemoryBudget(100);
    const [first, second] = [open(budget), open(budget)];
    first.add(90);
    second.add(20);
    second.release();
    first.release();
    expect(budget.used).toBe(0);
    const third = open(budget);
    third.add(100);
    expect(third.waits).toBe(false);
  });
});
