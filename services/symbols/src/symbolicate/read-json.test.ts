import { describe, expect, it } from "vitest";
import { readJson } from "./read-json.ts";

const swapped = (text: string) => Buffer.from(text, "utf16le").swap16();
const utf32 = (text: string) =>
  Buffer.concat([...text].map((one) => Buffer.from([one.charCodeAt(0), 0, 0, 0])));

describe("the JSON of a request", () => {
  it.each([
    ["UTF-8", Buffer.from('{"a":"é"}')],
    ["UTF-8 with a mark", Buffer.from('\ufeff{"a":"é"}')],
    ["UTF-16", Buffer.from('{"a":"é"}', "utf16le")],
    ["UTF-16 with a mark", Buffer.from('\ufeff{"a":"é"}', "utf16le")],
    ["UTF-16, big end first", swapped('{"a":"é"}')],
    ["UTF-32", utf32('{"a":"é"}')],
  ])("may be %s", (_name, body) => {
    expect(readJson(body)).toEqual({ a: "é" });
  });

  it("tells integers from other numbers, whatever their size", () => {
    const [whole, fraction, power, large, text] = readJson(
      Buffer.from('[1000, 1000.0, 1e3, 18446744073709551616, "5.0"]'),
    ) as unknown[];
    expect([whole, text]).toEqual([1000, "5.0"]);
    expect([fraction, power, large].map((value) => (value as { rawJSON: string }).rawJSON)).toEqual([
      "1000.0",
      "1e3",
      "18446744073709551616",
    ]);
  });

  it("may hold NaN and Infinity, which are no integers", () => {
    expect(readJson(Buffer.from('{"x":NaN,"y":[-Infinity],"z":"NaN, \\" Infinity"}'))).toEqual({
      x: 0.5,
      y: [0.5],
      z: 'NaN, " Infinity',
    });
  });

  it.each(["", "{", "{'jobs':[]}", '{"a":1,}', `[${"1".repeat(5000)}]`, "NaNx"])("%.20s is none", (text) => {
    expect(() => readJson(Buffer.from(text))).toThrow(SyntaxError);
  });

  it("is none where its text is broken", () => {
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(SyntaxError);
  });
});
