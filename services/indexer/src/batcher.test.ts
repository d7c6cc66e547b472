import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { batcher } from "./batcher.ts";

describe("batcher", () => {
  it("writes together what came in together, and what came in meanwhile as the next batch", async () => {
    const batches: number[][] = [];
    const add = batcher<number>(async (items) => {
      batches.push([...items]);
      await sleep(10);
    }, 100);
    const first = [add(1), add(2)];
    await sleep(5);
    const second = [add(3), add(4)];
    await Promise.all([...first, ...second]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("lets the engine rest between batches, and gathers meanwhile", async () => {
    const batches: { items: readonly number[]; at: number }[] = [];
    const add = batcher<number>(
      async (items) => void batches.push({ items, at: performance.now() }),
      100,
      50,
    );
    await add(1);
    await Promise.all([add(2), add(3)]);
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    expect(batches[1]!.at - batches[0]!.at).toBeGreaterThan(45);
  });

  it("writes at most so many at once", async () => {
    const sizes: number[] = [];
    const add = batcher<number>(async (items) => void sizes.push(items.length), 3);
    await Promise.all(Array.from({ length: 8 }, (_, i) => add(i)));
    expect(sizes).toEqual([3, 3, 2]);
  });

  it("does not rest before a batch that is full", async () => {
    const sizes: number[] = [];
    const add = batcher<number>(async (items) => void sizes.push(items.length), 3, 3_600_000);
    await Promise.all(Array.from({ length: 9 }, (_, i) => add(i)));
    expect(sizes).toEqual([3, 3, 3]);
  });

  it("tells all of a batch when it fails, and goes on with the next", async () => {
    let fails = true;
    const add = batcher<number>(async () => {
      if (fails) throw new Error("full");
    }, 100);
    const results = await Promise.allSettled([add(1), add(2)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    fails = false;
    await expect(add(3)).resolves.toBeUndefined();
  });
});
