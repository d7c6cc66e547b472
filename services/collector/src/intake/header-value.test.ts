import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundaryOf } from "./content-type.ts";
import { readHeaderValue } from "./header-value.ts";

const parameters = (header: string) => Object.fromEntries(readHeaderValue(header).parameters);

describe("a header value", () => {
  it.each<[string, Record<string, string>]>([
    ['form-data; name="a\\"b;c"; filename=x', { name: 'a"b;c', filename: "x" }],
    ['form-data; filename="C:\\Users\\j\\x.dmp"; name="d"', { filename: "C:\\Users\\j\\x.dmp", name: "d" }],
    ['form-data; filename="C:\\dumps\\"; name="d"', { filename: "C:\\dumps\\", name: "d" }],
    ['form-data; name="d"; filename="C:\\dumps\\"', { name: "d", filename: "C:\\dumps\\" }],
    ['form-data; name="reg\\HKLM\\x"', { name: "reg\\HKLM\\x" }],
    ['form-data; name="a\\\\b"', { name: "a\\b" }],
    ['FORM-DATA; NAME="d"; FILENAME=""', { name: "d", filename: "" }],
    ["form-data;name=d;filename=x y.dmp", { name: "d", filename: "x y.dmp" }],
    ['form-data; name = "d" ; filename = "x"', { name: "d", filename: "x" }],
    ["form-data; name=\"d\"; filename*=utf-8''Absturz-%C3%A4.dmp", { name: "d", filename: "Absturz-ä.dmp" }],
    ["form-data; filename=\"a\"; filename*=iso-8859-1'de'%E4", { filename: "ä" }],
    ["form-data; filename=\"a\"; filename*=klingon''x", { filename: "a" }],
    ['form-data; name="a"; name="b"', { name: "a" }],
    ['form-data; filename="my "crash".dmp"; name="d"', { filename: '"my "crash".dmp"', name: "d" }],
    ['form-data; flag; name="d"', { name: "d" }],
    ["form-data; filename=x", { filename: "x" }],
    ["form-data", {}],
  ])("is read as people write it: %s", (header, wanted) => expect(parameters(header)).toEqual(wanted));

  it("gives back any name that is quoted, as curl does it and as browsers do it", () => {
    const name = fc.string({ unit: "grapheme-ascii", maxLength: 20 });
    fc.assert(
      fc.property(name, name, (name, filename) => {
        const curl = (text: string) => `"${text.replace(/(["\\])/g, "\\$1")}"`;
        expect(parameters(`form-data; name=${curl(name)}; filename=${curl(filename)}`)).toEqual({
          name,
          filename,
        });
      }),
    );
  });

  it("is read whatever it is", () => {
    fc.assert(fc.property(fc.string(), (header) => void readHeaderValue(header)));
  });
});

describe("boundaryOf", () => {
  it.each([
    ["multipart/form-data; boundary=b1", "b1"],
    ["multipart/mixed;boundary=b1", "b1"],
    ['Multipart/Form-Data; charset=utf-8; Boundary="b 1"', "b 1"],
    ["multipart/form-data; boundary=---MultipartBoundary-x---", "---MultipartBoundary-x---"],
  ])("finds it in %s", (header, boundary) => {
    expect(boundaryOf(header)).toBe(boundary);
  });

  it.each([
    [undefined, "MALFORMED_NO_CONTENT_TYPE"],
    ["", "MALFORMED_NO_CONTENT_TYPE"],
    ["application/json", "MALFORMED_WRONG_CONTENT_TYPE"],
    ["multipart/related; boundary=b1", "MALFORMED_WRONG_CONTENT_TYPE"],
    ["multipart/form-data", "MALFORMED_NO_BOUNDARY"],
    ["multipart/form-data; boundary=", "MALFORMED_NO_BOUNDARY"],
    [`multipart/form-data; boundary=${"x".repeat(71)}`, "MALFORMED_NO_BOUNDARY"],
  ])("refuses %s", (header, code) => {
    expect(() => boundaryOf(header)).toThrow(expect.objectContaining({ code }));
  });
});
