import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlockCache, type OwnBlocks } from "./block-cache.ts";

/** Loads a block whose bytes all say its number. */
function load(cache: BlockCache, owner: OwnBlocks, number: number, length: number): void {
  const block = cache.room(length);
  block.bytes.fill(number, block.at, block.end);
  cache.keep(block, owner, number);
}

describe("a block cache", () => {
  it("keeps the blocks that were loaded last", () => {
    const cache = new BlockCache(1000);
    const owner: OwnBlocks = [];
    for (let number = 0; number < 20; number++) load(cache, owner, number, 100);
    expect(owner.flatMap((block, number) => (block === undefined ? [] : [number]))).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ]);
  });

  it("does not keep a block that would drive most others out", () => {
    const cache = new BlockCache(1000);
    const owner: OwnBlocks = [];
    load(cache, owner, 0, 100);
    load(cache, owner, 1, 126);
    expect(owner.map((block) => block !== undefined)).toEqual([true]);
  });

  it("never gives the bytes of one block for another's, whatever is loaded for whom", () => {
    const loads = fc.array(fc.tuple(fc.nat(2), fc.nat(30), fc.integer({ min: 1, max: 200 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(loads, (loads) => {
        const cache = new BlockCache(1000);
        const owners: OwnBlocks[] = [[], [], []];
        for (const [owner, number, length] of loads) {
          if (owners[owner]![number] === undefined) load(cache, owners[owner]!, number, length);
          for (const blocks of owners) {
            for (const [number, block] of blocks.entries()) {
              if (block === undefined) continue;
              expect(block.bytes.subarray(block.at, block.end).every((byte) => byte === number)).toBe(true);
            }
          }
        }
        const kept = owners.flat().reduce((sum, block) => sum + (block ? block.end - block.at : 0), 0);
        expect(kept).toBeLessThanOrEqual(1000);
      }),
    );
  });
});
