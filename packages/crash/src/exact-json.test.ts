import { expect, it } from "vitest";
import { exactNumber, isExactNumber, parseExactJson } from "./index.ts";

it("writes the digits that came", () => {
  const text = '{"id":1161888007138312193,"ratio":1.10,"list":[1E5,-0,18446744073709551615],"n":12}';
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
});

it("leaves numbers alone that JavaScript writes as they came", () => {
  expect(parseExactJson('{"a":12,"b":1.5,"c":"1.10"}')).toEqual({ a: 12, b: 1.5, c: "1.10" });
  expect(isExactNumber(exactNumber("12"))).toBe(false);
  expect(JSON.stringify(exactNumber("18446744073709551615"))).toBe("18446744073709551615");
});

it("reads what is nested as deep as can be", () => {
  const depth = 100_000;
  const text = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  expect(parseExactJson(text)).toHaveProperty("a");
});

it("refuses digits that are no number", () => {
  expect(() => exactNumber('"x"')).toThrow(SyntaxError);
});

it("keeps every digit beside strings that look like numbers, and without them", () => {
  for (const text of [
    '{"id":"4C8E44.D8","n":1161888007138312193}',
    '{"id":"12345678901234567890","n":[1.10,1e5,-0]}',
    '["\\"1.5",1.50]',
    '{"a\\\\":2.0}',
    '{"id":"1.5E3 0123456789012345","n":[0,-1,123456789012345,true,false,null]}',
  ])
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
});
