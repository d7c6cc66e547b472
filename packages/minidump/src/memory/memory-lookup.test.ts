import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "../bytes/byte-reader.ts";
import { memorySource } from "../bytes/byte-source.ts";
import { memoryLookup } from "./memory-lookup.ts";

const range = (base: bigint, bytes: Uint8Array) => ({
  base,
  bytes: new ByteReader(memorySource(bytes), "little"),
});
const region = (base: bigint, ...bytes: number[]) => range(base, Uint8Array.from(bytes));

describe("memoryLookup", () => {
  it("finds the region that holds an address, whatever the order given", () => {
    const memory = memoryLookup([region(30n, 3, 3), region(10n, 1), region(20n, 2, 2)]);
    expect(memory.at(10n)?.base).toBe(10n);
    expect(memory.at(21n)?.base).toBe(20n);
    expect(memory.at(31n)?.base).toBe(30n);
  });

  it("answers undefined between, before and behind regions", () => {
    const memory = memoryLookup([region(10n, 1), region(20n, 2, 2)]);
    for (const address of [0n, 9n, 11n, 19n, 22n]) expect(memory.at(address)).toBeUndefined();
    expect(memoryLookup([]).at(0n)).toBeUndefined();
  });

  it("reaches the last address there is", () => {
    expect(
      memoryLookup([region((1n << 64n) - 1n, 7)])
        .at((1n << 64n) - 1n)
        ?.bytes.u8(0),
    ).toBe(7);
  });

  it("cuts the head of a region that overlaps the one before it", () => {
    const memory = memoryLookup([region(12n, 8, 8, 8, 8), region(10n, 1, 2, 3)]);
    expect(memory.regions.map(({ base, bytes }) => [base, ...bytes.bytes()])).toEqual([
      [10n, 1, 2, 3],
      [13n, 8, 8, 8],
    ]);
  });

  it("finds a byte for exactly the addresses that some region holds", () => {
    const anyRegion = fc
      .tuple(fc.bigInt(0n, 60n), fc.integer({ min: 0, max: 12 }))
      .map(([base, length]) => range(base, new Uint8Array(length)));
    fc.assert(
      fc.property(fc.array(anyRegion), (regions) => {
        const memory = memoryLookup(regions);
        for (let address = 0n; address < 80n; address++) {
          const held = regions.some((r) => address >= r.base && address < r.base + BigInt(r.bytes.length));
          const found = memory.at(address);
          expect(found !== undefined).toBe(held);
          if (found) expect(address - found.base).toBeLessThan(BigInt(found.bytes.length));
        }
      }),
    );
  });
});
