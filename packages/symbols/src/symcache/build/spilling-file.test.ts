import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test-support/temporary-folder.ts";
import { SpillingFile } from "./spilling-file.ts";

const folder = await temporaryFolder();
const MEBIBYTE = 1024 ** 2;

/** Bytes that tell where they are. */
function patterned(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(at, at);
  return bytes;
}

describe.each([
  ["in memory", Number.POSITIVE_INFINITY],
  ["on disk but for its end", MEBIBYTE],
  ["all on disk that fills a piece", 0],
])("a spilling file %s", (_, memoryBytes) => {
  const whole = patterned(5 * MEBIBYTE + 12_348);

  it("gives back what was appended, from any place", () => {
    const file = new SpillingFile(folder, memoryBytes);
    for (let at = 0, step = 1; at < whole.length; at += step, step = (step * 3) % 70_001) {
      file.append(whole, at, Math.min(whole.length, at + step));
    }
    expect(file.length).toBe(whole.length);
    const all = Buffer.alloc(whole.length);
    file.read(0, whole.length, all);
    expect(all.equals(whole)).toBe(true);
    for (const [position, length] of [
      [0, 1],
      [MEBIBYTE - 3, 7],
      [3 * MEBIBYTE - 1, 2 * MEBIBYTE],
      [whole.length - 1, 1],
      [77, 0],
    ] as const) {
      const part = Buffer.alloc(length + 5);
      file.read(position, length, part, 5);
      expect(part.subarray(5).equals(whole.subarray(position, position + length))).toBe(true);
    }
    expect(Buffer.concat(Array.from(file.pieces(), (piece) => Buffer.from(piece))).equals(whole)).toBe(true);
    file.close();
  });

  it("leaves nothing behind, not even while it is open", async () => {
    const file = new SpillingFile(folder, memoryBytes);
    file.append(whole);
    expect(await readdir(folder)).toEqual([]);
    file.close();
  });
});

describe("a spilling file", () => {
  it("says so when its folder is not there", () => {
    const file = new SpillingFile(`${folder}/none`, 0);
    expect(() => file.append(patterned(3 * MEBIBYTE))).toThrow("ENOENT");
  });
});
