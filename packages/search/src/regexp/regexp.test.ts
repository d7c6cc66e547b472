import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Chance } from "../conformance/random-crashes.ts";
import { TooComplexError } from "./matcher.ts";
import { toRe2Search } from "./re2.ts";
import { checkExpression, matcherOf } from "./regexp.ts";
import { parseExpression } from "./syntax.ts";

describe("an expression", () => {
  it.each([
    ["ax?b", ["ab", "axb"], ["axxb", "xab"]],
    ["a{2,3}", ["aa", "aaa"], ["a", "aaaa"]],
    ["(js|OOM).*", ["js", "OOM | small"], ["xjs"]],
    ["new.line", ["new\nline", "new🦊line"], ["newline"]],
    ["[^a-c]+", ["xyz"], ["a", ""]],
    ['"a*b".*', ["a*b", "a*bc"], ["aab"]],
    ["@", ["", "anything"], []],
    ["#", [], ["", "#"]],
    ["a&b", [], ["a", "b", "a&b"]],
    [".*x.*&.*y.*", ["xy", "y x"], ["x", "y"]],
    ["<1-12>", ["1", "007", "12"], ["0", "13", ""]],
    ["<01-12>", ["01", "12"], ["1", "13"]],
    ["~a", ["~a"], ["b"]],
    ["*a", ["*a"], ["a"]],
    ["?", ["?"], [""]],
    ["\\w+\\.\\d", ["ab_1.5"], ["ab.x"]],
    ["\\\\", ["\\"], ["\\\\"]],
  ])("%s", (text, good, bad) => {
    const matches = matcherOf(text);
    for (const one of good) expect([one, matches(one)]).toEqual([one, true]);
    for (const one of bad) expect([one, matches(one)]).toEqual([one, false]);
  });

  it.each([
    "a[b",
    "a{",
    "a{2",
    "a{3,2}",
    "[b-a]",
    "a\\",
    "[]",
    "[^]",
    "\\bx",
    "Foo<T>",
    '"x',
    "(a",
    "a)",
    "<1-2-3>",
  ])("is refused when it is none: %s", (text) =>
    expect(checkExpression(text)).toMatch(/not a valid regular expression/),
  );

  it("is refused when its repetitions multiply", () => {
    expect(checkExpression("((a{1,100}){1,100}){1,100}")).toBe("the regular expression is too complex");
    expect(checkExpression("a{1,10000}")).toBeUndefined();
  });

  it("is given up when it needs too many states", () => {
    const matches = matcherOf("(a|b)*a(a|b){14}");
    const chance = new Chance(1);
    const text = Array.from({ length: 60_000 }, () => chance.one(["a", "b"])).join("");
    expect(() => matches(text)).toThrow(TooComplexError);
  });
});

it("is written for RE2 where RE2 can say it", () => {
  expect(toRe2Search(parseExpression("a|b+"))).toBe("\\A(?:(?:[\\x{61}]|(?:[\\x{62}]){1,}))\\z");
  expect(toRe2Search(parseExpression(".*a.*"))).toBe("(?:[\\x{61}])");
  expect(toRe2Search(parseExpression("@"))).toBe("");
  expect(toRe2Search(parseExpression(""))).toBe("\\A\\z");
  for (const text of ["a&b", "a{1001}", "(a{100}){11}", "#"])
    expect(toRe2Search(parseExpression(text))).toBeUndefined();
});

it("never takes longer than the text is long, whatever the expression", () => {
  const part = fc.constantFrom("a", "b", ".", "*", "+", "(", ")", "|", "[ab]", "?", "{1,2}", "&");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      if (checkExpression(text) !== undefined) return;
      expect(typeof matcherOf(text)("ab".repeat(500))).toBe("boolean");
    }),
  );
});
