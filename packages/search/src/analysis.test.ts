import { describe, expect, it } from "vitest";
import { lowerCase, semicolonElements, standardWords } from "./analysis.ts";

describe("the words of a text", () => {
  it.each([
    ["js::gc::GCRuntime | a<T>", ["js", "gc", "gcruntime", "a", "t"]],
    ["json_z break_js_y _ __", ["json_z", "break_js_y"]],
    ["foo.dll@0x55 kernel32.dll 1.5 1,000", ["foo.dll", "0x55", "kernel32", "dll", "1.5", "1,000"]],
    ["a:b a::b don't it’s", ["a:b", "a", "b", "don't", "it’s"]],
    ["日本語テキスト ひら 한국어", ["日", "本", "語", "テキスト", "ひ", "ら", "한국어"]],
    ["ภาษาไทย zero\u200bwidth a\u00adb", ["ภาษาไทย", "zero", "width", "a\u00adb"]],
    ["🦊 👩‍👩‍👧 🇩🇪 1️⃣", ["🦊", "👩‍👩‍👧", "🇩🇪", "1️⃣"]],
    ["::|()<> *", []],
  ])("of %j", (text, words) => expect(standardWords(text)).toEqual(words));

  it("have 255 characters at most", () => {
    expect(standardWords("x".repeat(600)).map(({ length }) => length)).toEqual([255, 255, 90]);
  });
});

it("takes what stands between semicolons for an element, blanks included, and drops empty ones", () => {
  expect(semicolonElements("XUL.dll/3b; B ;;c")).toEqual(["xul.dll/3b", " b ", "c"]);
});

it("makes small letters of each character for itself", () => {
  expect(lowerCase("İΛΟΓΟΣ ẞ ABC")).toBe("iλογοσ ß abc");
});
