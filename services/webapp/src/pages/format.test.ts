import { describe, expect, it } from "vitest";
import { duration, grouped, moment, query, shortHex } from "./format.ts";

describe("how values are written", () => {
  it.each([
    [0, "0 s"],
    [59.9, "59 s"],
    [61, "1 min 1 s"],
    [3600, "1 h"],
    [90_061, "1 d 1 h"],
    [-5, "−5 s"],
    [Number.NaN, ""],
  ])("%d seconds as %j", (seconds, text) => expect(duration(seconds)).toBe(text));

  it("a moment without its fraction and offset, and nothing else", () => {
    expect(moment("2026-08-20T10:11:12.123456+00:00")).toBe("2026-08-20 10:11:12");
    expect(moment("2026-08-20T10:11:12+02:00")).toBe("2026-08-20T10:11:12+02:00");
    expect(moment("yesterday")).toBe("yesterday");
  });

  it("a hexadecimal number without its padding", () => {
    expect(shortHex("0x0000000000007885")).toBe("0x7885");
    expect(shortHex("0x0000")).toBe("0x0");
    expect(shortHex("tea")).toBe("tea");
  });

  it("a count in groups of three digits", () => {
    expect([999, 1000, 1_234_567].map(grouped)).toEqual(["999", "1\u202f000", "1\u202f234\u202f567"]);
  });

  it("any text as a query, half characters too", () => {
    expect(query({ signature: "a | b&c" })).toBe("signature=a+%7C+b%26c");
    expect(query({ signature: "\ud800" })).toBe("signature=%EF%BF%BD");
  });
});
