import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writtenMembers } from "./json-members.ts";

const members = (text: string, without: string[]) => writtenMembers(text, JSON.parse(text), without);

describe("the members of a JSON object as they are written", () => {
  it("are its text", () => {
    expect(members(' { "a" : "\\u0041\\"", "b":\n1} ', [])).toBe(' "a" : "\\u0041\\"", "b":\n1');
    expect(members("{}", [])).toBe("");
  });

  it("go without one, wherever it stands", () => {
    const text = '{ "a" : "x" , "b" : "y", "c":"z" }';
    expect(members(text, ["a"])).toBe('  "b" : "y", "c":"z" ');
    expect(members(text, ["b"])).toBe(' "a" : "x" ,  "c":"z" ');
    expect(members(text, ["c"])).toBe(' "a" : "x" , "b" : "y"');
    expect(members(text, ["a", "b", "c"])).toBe("");
  });

  it.each([
    ["a name with an escape", '{"\\u0061":"x"}'],
    ["a name that is there twice", '{"a":"x","a":"x"}'],
    ["a name that is there once more, with an escape", '{"a":"x","\\u0061":"x"}'],
    ["a text that is the name", '{"b":"a","\\u0061":"x"}'],
    ["a name that ends like it", '{"b\\"a":"x","\\u0061":"x"}'],
    ["a value written in another way", '{"a":"\\u0078"}'],
    ["a name in an object within", '{"b":{"a":"x"},"\\u0061":"x"}'],
  ])("are not cut when there is %s", (_, text) => {
    expect(members(text, ["a"])).toBeUndefined();
  });

  it("say what the object without them says, or nothing", () => {
    // No name with a backslash: when JSON.parse has met one it takes a name that is written with an escape for it (Node
    // 24.21: '{"b":"","\\\\":""}', then '{"b":"","\\u0061":""}' has no `a`).
    const name = fc.constantFrom("a", "b", 'b"a', "__proto__", "c");
    const value = fc.oneof(
      fc.constantFrom("a", "b", '"a":', "\\"),
      fc.string(),
      fc.string({ unit: "binary" }),
    );
    const space = fc.constantFrom("", " ", "\n\t");
    const member = fc.tuple(name, value, space, fc.boolean()).map(([key, said, blank, isEscaped]) => {
      const quoted = JSON.stringify(key);
      const written = isEscaped ? quoted.replace("a", "\\u0061") : quoted;
      return `${blank}${written}${blank}:${JSON.stringify(said)}`;
    });
    // A name may be there more than once: the last one counts.
    const written = fc
      .tuple(fc.array(member), space)
      .map(([members, blank]) => `{${members.join(`${blank},`)}${blank}}`);
    fc.assert(
      fc.property(written, fc.subarray(["a", "b", "c"]), (text, wanted) => {
        const object = JSON.parse(text) as Record<string, string>;
        const without = wanted.filter((name) => Object.hasOwn(object, name));
        const cut = writtenMembers(text, object, without);
        if (cut === undefined) return;
        for (const name of without) delete object[name];
        expect(JSON.parse(`{${cut}}`)).toEqual(object);
      }),
      { numRuns: 500 },
    );
  });
});
