import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PairTable } from "./pair-table.ts";

describe("PairTable", () => {
  it("maps pairs to values as a map would, however many", () => {
    const u32 = fc.oneof(fc.nat(20), fc.nat({ max: 2 ** 32 - 1 }));
    const entries = fc.array(fc.tuple(u32, u32, fc.nat({ max: 2 ** 32 - 2 })), {
      maxLength: 3000,
      size: "max",
    });
    fc.assert(
      fc.property(entries, (entries) => {
        const table = new PairTable();
        const plain = new Map<string, number>();
        for (const [a, b, value] of entries) {
          expect(table.get(a, b)).toBe(plain.get(`${a} ${b}`));
          table.set(a, b, value);
          plain.set(`${a} ${b}`, value);
        }
        for (const [a, b] of entries) expect(table.get(a, b)).toBe(plain.get(`${a} ${b}`));
        expect(table.count).toBe(plain.size);
      }),
      { numRuns: 20 },
    );
  });
});
