import { describe, expect, it } from "vitest";
import { parseFloatingPoint, parseInteger } from "./python-values.ts";

describe("numbers are read as Python reads them", () => {
  it.each([
    ["5", 5n],
    [" +5 ", 5n],
    ["05", 5n],
    ["1_000", 1000n],
    ["-0", 0n],
    ["٣", 3n],
    ["９９９", 999n],
    ["𝟗", 9n],
    ["99999999999999999999", 99999999999999999999n],
  ])("%j as a whole one", (text, value) => expect(parseInteger(text)).toBe(value));

  it.each(["", "5_", "_5", "1__0", "--5", "1e3", "0x10", "5.0", "five", "1,000"])(
    "%j as no whole one",
    (text) => expect(parseInteger(text)).toBeUndefined(),
  );

  it.each([
    [".5", 0.5],
    ["5.", 5],
    [" 1e3 ", 1000],
    ["1_0.2_5", 10.25],
    ["-0", -0],
    ["1e309", Number.POSITIVE_INFINITY],
    ["-inf", Number.NEGATIVE_INFINITY],
    ["NaN", Number.NaN],
  ])("%j", (text, value) => expect(parseFloatingPoint(text)).toBe(value));

  it.each(["", ".", "1,5", "0x1p3", "1e", "abc"])("%j as none", (text) =>
    expect(parseFloatingPoint(text)).toBeUndefined(),
  );
});
