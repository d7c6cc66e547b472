import { describe, expect, it } from "vitest";
import { bugsOf, signaturesIn } from "./signatures-of-bug.ts";

describe("the signatures in a text", () => {
  it.each([
    ["[@ a::b ]", ["a::b"]],
    ["Crash in [@ a ][@ b]", ["a", "b"]],
    ["[@ core::ptr::drop_in_place<[T]> ] and more]", ["core::ptr::drop_in_place<[T]> ] and more"]],
    ["[@ operator[] ]", ["operator[]"]],
    ["[@ a ] [@ a ]", ["a"]],
    ["[@ no end", []],
    ["nothing", []],
  ])("of %j are %j", (text, expected) => {
    expect(signaturesIn(text)).toEqual(expected);
  });
});

describe("the bugs of a search result", () => {
  it("are Bugzilla's", () => {
    const result = {
      bugs: [
        { id: 12, cf_crash_signature: "[@ a ]\r\n[@ b ]" },
        { id: 13, cf_crash_signature: "" },
      ],
    };
    expect(bugsOf(result)).toEqual([
      { bug: "12", signatures: ["a", "b"] },
      { bug: "13", signatures: [] },
    ]);
  });

  it("are GitHub's", () => {
    const items = [{ id: 99_001, number: 7, title: "Crash in [@ a ]", body: "see [@ b | c ]\nmore" }];
    expect(bugsOf({ items })).toEqual([{ bug: "7", signatures: ["a", "b | c"] }]);
    expect(bugsOf(items)).toEqual(bugsOf({ items }));
    expect(bugsOf({ items: [{ number: 7, title: "x", body: null }] })).toEqual([
      { bug: "7", signatures: [] },
    ]);
  });

  it("are none of another document", () => {
    expect([bugsOf({}), bugsOf(null), bugsOf("x")]).toEqual([undefined, undefined, undefined]);
  });
});
