import { describe, expect, it } from "vitest";
import { boundaryOf, parameter } from "./content-type.ts";

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

describe("parameter", () => {
  it("undoes quoting", () => {
    expect(parameter('form-data; name="a\\"b;c"; filename=x', "name")).toBe('a"b;c');
    expect(parameter('form-data; name="a"; filename=x', "filename")).toBe("x");
  });

  it("does not take the end of another name for its own", () => {
    expect(parameter('form-data; filename="x"', "name")).toBeUndefined();
  });
});
