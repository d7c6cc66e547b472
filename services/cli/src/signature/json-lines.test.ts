import { describe, expect, it } from "vitest";
import { type JsonLine, jsonLines } from "./json-lines.ts";

async function* chunks(...texts: readonly (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function read(...texts: readonly (string | Uint8Array)[]): Promise<JsonLine[]> {
  return Array.fromAsync(jsonLines(chunks(...texts), "stdin"));
}

describe("JSON lines", () => {
  it("are cut wherever the chunks are", async () => {
    const bytes = Buffer.from('{"a":"é"}\n\n[1]\r\n"x"');
    const expected = [
      { line: 1, value: { a: "é" } },
      { line: 3, value: [1] },
      { line: 4, value: "x" },
    ];
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(expected);
  });

  it("may be none", async () => expect(await read("")).toEqual([]));

  it("are refused with the line that is no JSON", async () => {
    await expect(read("{}\n", "{\n{}")).rejects.toThrow(/stdin line 2: not JSON/);
  });

  it("are refused when one does not end", async () => {
    const megabyte = Buffer.alloc(1024 * 1024, "a");
    await expect(read("{}\n", ...Array(65).fill(megabyte))).rejects.toThrow(/stdin line 2: longer than/);
  });
});
