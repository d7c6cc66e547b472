import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonComplaint } from "./json-complaint.ts";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("what is wrong with a JSON text", () => {
  it.each([
    ["", "Expecting value: line 1 column 1 (char 0)"],
    ["{bad", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"],
    ['{"a":1,}', "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{"a":}', "Expecting value: line 1 column 6 (char 5)"],
    ["[1,]", "Expecting value: line 1 column 4 (char 3)"],
    ["[1\n 2]", "Expecting ',' delimiter: line 2 column 2 (char 4)"],
    ['{"a":1}x', "Extra data: line 1 column 8 (char 7)"],
    ['"abc', "Unterminated string starting at: line 1 column 1 (char 0)"],
    ['"a\tb"', "Invalid control character at: line 1 column 3 (char 2)"],
    ['"\\x"', "Invalid \\escape: line 1 column 2 (char 1)"],
    ['"\\u12"', "Invalid \\uXXXX escape: line 1 column 3 (char 2)"],
    ['["😀" 1]', "Expecting ',' delimiter: line 1 column 6 (char 5)"],
    ["\ufeff{}", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"],
  ])("%j: %s", (text, complaint) => expect(jsonComplaint(text)).toBe(complaint));

  it("is nothing exactly when JavaScript can parse it", () => {
    const piece = fc.constantFrom(...'{}[]:, \n"\\ua1-.e', "null", "true", '"a"', "12", "\\u00e9");
    const text = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
      fc.json(),
    );
    fc.assert(
      fc.property(text, (json) => {
        expect(jsonComplaint(json) === undefined).toBe(parses(json));
      }),
      { numRuns: 3000 },
    );
  });

  it("is found in deep nesting without running out of stack", () => {
    expect(jsonComplaint("[".repeat(100_000))).toContain("(char 100000)");
    expect(jsonComplaint(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toBeUndefined();
  });
});
