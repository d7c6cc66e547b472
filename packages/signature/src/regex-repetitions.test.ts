import { describe, expect, it } from "vitest";
import { repetitionsIn } from "./regex-repetitions.ts";

describe("the repetitions of a regular expression", () => {
  it.each([
    ["abort", 0],
    [String.raw`\*a[*+]b`, 0],
    ["a?b{3}c{0,4}", 0],
    [".*alloc", 1],
    ["a{2,}", 1],
    ["a+?", 1],
    ["(?:ab)*c", 1],
    ["(x.*){0,3}y+", 4],
    [String.raw`libc-\d+\.\d+(\.\d+)?\.so`, 3],
    ["a{0,100}", 1],
  ])("of %s are %d", (pattern, repetitions) => expect(repetitionsIn(pattern)).toBe(repetitions));

  it.each(["(a+)+", "(a|ab?)*$", "(a?)*", "((a|b)c)+", "(?:x{2}){2,}", String.raw`(\.\w+)*`])(
    "are refused where they multiply, as in %s",
    (pattern) => expect(repetitionsIn(pattern)).toMatch(/repeated without bound/),
  );
});
