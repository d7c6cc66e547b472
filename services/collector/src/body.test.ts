import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflated } from "./body.ts";

const LIMIT = 5_000_000;
const text = Buffer.from("a crash report\r\n".repeat(1000));

/** gzip ends with the size of what went in; here it lies. */
function saying(size: number, gzip: Buffer): Buffer {
  const lying = Buffer.from(gzip);
  lying.writeUInt32LE(size, lying.length - 4);
  return lying;
}

describe("undoing gzip", () => {
  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a small body", text],
    ["a large body", Buffer.alloc(3_000_000, text)],
  ])("gives back %s", async (_, bytes) => {
    expect((await inflated(gzipSync(bytes), LIMIT)).equals(bytes)).toBe(true);
  });

  it("takes several files in one, of which the end tells the last one's size only", async () => {
    const both = Buffer.concat([gzipSync(text), gzipSync("end")]);
    expect(await inflated(both, LIMIT)).toEqual(Buffer.concat([text, Buffer.from("end")]));
  });

  it.each([
    ["is larger than it says", saying(10, gzipSync(Buffer.alloc(LIMIT + 1)))],
    ["is larger than the limit, and says so", gzipSync(Buffer.alloc(LIMIT + 1))],
    ["says more than it is", saying(100_000, gzipSync(text))],
    ["is cut off", gzipSync(text).subarray(0, -9)],
    ["is shorter than any", Buffer.from("abc")],
    ["is something else", text],
  ])("refuses what %s", async (_, bytes) => {
    await expect(inflated(bytes, LIMIT)).rejects.toMatchObject({ code: "MALFORMED_BAD_GZIP" });
  });
});
