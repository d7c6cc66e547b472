import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesWildcard, parseWildcard } from "./wildcard.ts";

const matches = (pattern: string, text: string): boolean => matchesWildcard(parseWildcard(pattern), text);

it.each([
  ["*", "", true],
  ["", "a", false],
  ["a*b", "a\nxb", true],
  ["a*b", "ab", true],
  ["a?b", "aüb", true],
  ["a?b", "a🦊b", true],
  ["a?b", "ab", false],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["*a*a*b", "aaab", true],
  ["*a*a*b", "aba", false],
  ["back\\", "back\\", true],
])("%j and %j: %j", (pattern, text, expected) => expect(matches(pattern, text)).toBe(expected));

it("finds a text within any other when its own signs are taken as they are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), (before, text, after) => {
      const escaped = text.replace(/[\\*?]/g, "\\$&");
      expect(matches(`*${escaped}*`, before + text + after)).toBe(true);
    }),
  );
});
