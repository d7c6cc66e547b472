import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StringPool } from "./string-pool.ts";

describe("StringPool", () => {
  it("keeps every string once", () => {
    const pool = new StringPool();
    const [a, b, again] = ["a", "b", "a"].map((text) => pool.internText(text));
    expect(again).toBe(a);
    expect(b).not.toBe(a);
    expect(pool.count).toBe(2);
  });

  it("takes strings from the midst of other bytes", () => {
    const pool = new StringPool();
    const bytes = Buffer.from("xxnamexx");
    expect(pool.intern({ bytes, at: 2, end: 6 })).toBe(pool.internText("name"));
  });

  it("keeps the empty string, and strings longer than its first memory", () => {
    const pool = new StringPool();
    const long = "x".repeat(200_000);
    const references = ["", long, "y"].map((text) => pool.internText(text));
    expect(references.map((reference) => pool.text(reference))).toEqual(["", long, "y"]);
  });

  it("moves to disk what is more than it compares with, and gives that back, too", () => {
    const pool = new StringPool(undefined, 1000);
    const texts = Array.from({ length: 3000 }, (_, i) => `string ${i % 1500}`);
    const numbers = texts.map((text) => pool.internText(text));
    expect(numbers.map((number) => pool.text(number))).toEqual(texts);
    expect(pool.lengthOf(numbers[7]!)).toBe(8);
    pool.close();
  });

  it("gives back any strings that it was given, however many", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 200 }), fc.nat(3), (texts, many) => {
        const pool = new StringPool();
        // Beyond 2048 strings the table grows.
        const all = [...texts, ...Array.from({ length: many * 2000 }, (_, i) => `s${i}`), ...texts];
        const references = all.map((text) => pool.internText(text));
        expect(references.map((reference) => pool.text(reference))).toEqual(all);
        expect(new Set(references).size).toBe(new Set(all).size);
      }),
      { numRuns: 30 },
    );
  });
});
