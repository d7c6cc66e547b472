import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { multipartParts } from "./multipart.ts";

const boundary = "b1";
const body = (...lines: string[]) => Buffer.from(lines.join("\r\n"), "latin1");
const partsOf = (bytes: Buffer, name = boundary) =>
  [...multipartParts(bytes, name)].map(({ headers, bytes: content }) => ({
    headers: Object.fromEntries(headers),
    text: content.toString("latin1"),
  }));

describe("multipartParts", () => {
  it("cuts a body at its boundaries", () => {
    const parts = partsOf(
      body(
        "--b1",
        'Content-Disposition: form-data; name="a"',
        "",
        "one",
        "--b1",
        "X-Other:two",
        "",
        "",
        "--b1--",
      ),
    );
    expect(parts).toEqual([
      { headers: { "content-disposition": 'form-data; name="a"' }, text: "one" },
      { headers: { "x-other": "two" }, text: "" },
    ]);
  });

  it("takes a body that has no part", () => {
    expect(partsOf(body("--b1--", ""))).toEqual([]);
  });

  it("takes a part without headers", () => {
    expect(partsOf(body("--b1", "", "text", "--b1--"))).toEqual([{ headers: {}, text: "text" }]);
  });

  it("takes a line end before the first boundary, blanks behind one, and what follows the last", () => {
    expect(partsOf(body("", "--b1 \t", "", "text", "--b1--", "epilogue"))).toMatchObject([{ text: "text" }]);
  });

  it("keeps line ends, and longer boundaries that begin alike, in the content", () => {
    const content = "\r\n--b12\r\n--b\r\n\r\n--b1x";
    expect(partsOf(body("--b1", "", content, "--b1--"))).toMatchObject([{ text: content }]);
  });

  it("takes a boundary that begins and ends with dashes, as Crashpad's does", () => {
    expect(partsOf(body("-----x---", "", "text", "-----x-----"), "---x---")).toMatchObject([
      { text: "text" },
    ]);
  });

  it.each([
    ["junk", body("junk")],
    ["nothing", Buffer.alloc(0)],
    ["another boundary", body("--b2", "", "text", "--b2--")],
    ["a part that does not end", body("--b1", "", "text")],
    ["headers that do not end", body("--b1", "A: b", "--b1--")],
    ["headers over 8192 bytes", body("--b1", `A: ${"x".repeat(8193)}`, "", "text", "--b1--")],
    ["too many parts", body(...Array.from({ length: 5001 }, () => "--b1\r\n\r\nx"), "--b1--")],
  ])("refuses %s", (_what, bytes) => {
    expect(() => partsOf(bytes)).toThrow(
      expect.objectContaining({ code: "MALFORMED_INVALID_PAYLOAD_STRUCTURE" }),
    );
  });

  it("gives back any contents that do not hold the delimiter", () => {
    const content = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 8 }), (contents) => {
        const name = "0c2f9d53a1";
        const whole = Buffer.concat([
          ...contents.flatMap((bytes) => [
            Buffer.from(`--${name}\r\nA: b\r\n\r\n`),
            bytes,
            Buffer.from("\r\n"),
          ]),
          Buffer.from(`--${name}--`),
        ]);
        expect([...multipartParts(whole, name)].map((part) => Buffer.from(part.bytes))).toEqual(contents);
      }),
    );
  });

  it("answers any bytes with parts or a refusal", () => {
    const piece = fc.constantFrom("--b1", "--", "\r\n", "\r\n\r\n", "\r\n--b1", "A: b", "\0", " ", "x");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          partsOf(Buffer.from(pieces.join("")));
        } catch (error) {
          expect(error).toMatchObject({ code: "MALFORMED_INVALID_PAYLOAD_STRUCTURE" });
        }
      }),
    );
  });
});
