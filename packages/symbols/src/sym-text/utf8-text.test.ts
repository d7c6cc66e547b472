import { describe, expect, it } from "vitest";
import { isPlainText, utf8Text } from "./utf8-text.ts";

const TEXT =
  "MODULE Linux x86_64 0403020106050807090A0B0C0D0E0F100 app\r\nFUNC 1000 40 0 caf\u00e9 \u{1f600}\r\n";
const bigEndian = (text: string) => Buffer.from(text, "utf16le").swap16();

async function read(bytes: Uint8Array, pieceBytes: number): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const out: Uint8Array[] = [];
  for await (const piece of utf8Text(pieces())) out.push(piece);
  return Buffer.concat(out).toString("utf8");
}

describe("a symbol file's text", () => {
  it.each([
    ["plain UTF-8", Buffer.from(TEXT)],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`)],
    ["UTF-16 with a mark", Buffer.from(`\ufeff${TEXT}`, "utf16le")],
    ["big-endian UTF-16 with a mark", bigEndian(`\ufeff${TEXT}`)],
    ["UTF-16 without a mark", Buffer.from(TEXT, "utf16le")],
    ["big-endian UTF-16 without a mark", bigEndian(TEXT)],
  ])("is the same as %s, in pieces of any size", async (name, bytes) => {
    for (const pieceBytes of [1, 2, 3, 5, 1000]) expect(await read(bytes, pieceBytes)).toBe(TEXT);
    expect(isPlainText(bytes)).toBe(name === "plain UTF-8");
  });

  it("passes other bytes as they are", async () => {
    expect(await read(Buffer.from("M"), 1)).toBe("M");
    expect(await read(Buffer.alloc(0), 1)).toBe("");
  });
});
