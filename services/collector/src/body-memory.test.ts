import { isAtBlock } from "@mayday/storage/direct-io";
import { describe, expect, it } from "vitest";
import { freeNow, giveMemory, takeMemory } from "./body-memory.ts";

const MEBIBYTE = 1024 * 1024;

describe("memory of bodies", () => {
  it.each([0, 1, 100_000, 900_000, 30 * MEBIBYTE])("is enough for %i bytes", (bytes) => {
    expect(takeMemory(bytes).length).toBeGreaterThanOrEqual(bytes);
  });

  it("is used again when it was given back, by one body at a time", () => {
    const first = takeMemory(100_000);
    giveMemory(first);
    expect(takeMemory(90_000)).toBe(first);
    expect(takeMemory(90_000)).not.toBe(first);
  });

  it("begins at a block for the first bodies at a time, and is theirs alone", () => {
    const all = Array.from({ length: 100 }, () => takeMemory(100_000));
    for (const [index, memory] of all.entries()) memory.fill(index);
    expect(all.every((memory, index) => memory.every((byte) => byte === index))).toBe(true);
    expect(all.filter(isAtBlock).length).toBeGreaterThan(30);
    for (const memory of all) giveMemory(memory);
  });

  it("goes back to the system when there is enough of it", () => {
    const all = Array.from({ length: 20 }, () => takeMemory(4 * MEBIBYTE));
    for (const memory of all) giveMemory(memory);
    expect(all.filter(({ length }) => length > 0).length).toBeLessThanOrEqual(4);
    const large = takeMemory(5 * MEBIBYTE);
    giveMemory(large);
    expect(large.length).toBe(0);
  });
});

describe("freeNow", () => {
  it("leaves Node's pool alone", () => {
    const pooled = Buffer.from("small");
    freeNow(pooled);
    expect(pooled.toString()).toBe("small");
  });

  it("frees a chunk from the network of the size of that pool", () => {
    const chunk = Buffer.allocUnsafeSlow(Buffer.poolSize);
    freeNow(chunk);
    expect(chunk.length).toBe(0);
  });
});
