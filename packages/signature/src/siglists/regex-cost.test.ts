import { describe, expect, it } from "vitest";
import { regexCost } from "./regex-cost.ts";

describe("the cost of a regular expression", () => {
  it.each([
    ["abort", 0, 0],
    [String.raw`\*a[*+]b`, 0, 0],
    ["a?b{3}c{0,3}", 0, 3],
    ["(a|b|c|d)(e|f)", 0, 3],
    ["a|b", 0, 1],
    ["(a+|b?)(c|d*|e+)f", 2, 1 + 1 + Math.log2(3)],
    ["((a|b)c?){0,3}", 0, 8],
    [".*alloc", 1, 0],
    ["a{2,}", 1, 0],
    ["a+?", 1, 0],
    ["(?:ab)*c", 1, 0],
    ["(x.*){3}y+", 4, 0],
    [String.raw`libc-\d+\.\d+(\.\d+)?\.so`, 3, 1],
    ["a{0,100}", 1, 0],
  ])("of %s is the length to the power of %d and 2 to the power of %d", (pattern, repetitions, branching) =>
    expect(regexCost(pattern)).toEqual({ repetitions, branching }),
  );

  it.each(["(a+)+", "(a|ab?)*$", "(a?)*", "((a|b)c)+", "(?:(x{2})?){2,}", String.raw`(\.\w+)*`])(
    "has no bound in %s",
    (pattern) => expect(regexCost(pattern)).toMatch(/repeated without bound/),
  );
});
