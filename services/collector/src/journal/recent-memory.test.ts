import { BLOCK_BYTES } from "@mayday/storage/direct-io";
import { describe, expect, it } from "vitest";
import { mulberry32 } from "../../../../test/mulberry32.ts";
import { RecentMemory, type RecentWrite } from "./recent-memory.ts";

/** WebAssembly gives memory in pages of 64 KiB. */
const SIZE = 64 * 1024;

describe("the memory of recent writes", () => {
  it("is taken one write behind the other, and refused when it is used up", () => {
    const recent = new RecentMemory(SIZE);
    const taken = [
      recent.take(SIZE / 2),
      recent.take(SIZE / 4),
      recent.take(SIZE / 2),
      recent.take(SIZE / 4),
    ];
    expect(taken.map((write) => write?.at)).toEqual([0, SIZE / 2, undefined, (SIZE * 3) / 4]);
    expect(recent.take(BLOCK_BYTES)).toBeUndefined();
    expect(recent.take(2 * SIZE)).toBeUndefined();
  });

  it("is taken again when all entries of a write are moved", () => {
    const recent = new RecentMemory(SIZE);
    const write = recent.take(SIZE) as RecentWrite;
    write.handOn(3);
    write.release();
    write.release();
    expect(recent.take(BLOCK_BYTES)).toBeUndefined();
    write.release();
    expect(recent.take(SIZE)?.at).toBe(0);
  });

  it("is no other's while it is held, whatever is taken and given back in which order", () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = mulberry32(seed);
      const recent = new RecentMemory(SIZE);
      const held: RecentWrite[] = [];
      for (let step = 0; step < 300; step++) {
        if (random() < 0.45) held.splice(Math.floor(random() * held.length), 1)[0]?.release();
        const write = recent.take(BLOCK_BYTES * (1 + Math.floor(random() * 6)));
        if (write === undefined) continue;
        expect(write.end).toBeLessThanOrEqual(SIZE);
        expect(held.filter((other) => other.at < write.end && write.at < other.end)).toEqual([]);
        held.push(write);
      }
    }
  });
});
