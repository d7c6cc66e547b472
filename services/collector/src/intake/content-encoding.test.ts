import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Coding, codingsOf, decoded } from "./content-encoding.ts";

const LIMIT = 5_000_000;
const text = Buffer.from("a crash report\r\n".repeat(1000));
const gunzipped = (bytes: Buffer) => decoded(bytes, ["gzip"], LIMIT);

/** gzip ends with the size of what went in; here it lies. */
function saying(size: number, gzip: Buffer): Buffer {
  const lying = Buffer.from(gzip);
  lying.writeUInt32LE(size, lying.length - 4);
  return lying;
}

describe("the codings of a Content-Encoding", () => {
  it.each<[string | undefined, Coding[]]>([
    [undefined, []],
    ["", []],
    ["identity", []],
    ["gzip", ["gzip"]],
    [" X-GZIP ", ["gzip"]],
    ["deflate", ["deflate"]],
    ["gzip, br", ["gzip", "br"]],
    ["zstd", ["zstd"]],
  ])("are read in %s", (header, codings) => expect(codingsOf(header)).toEqual(codings));

  it.each(["compress", "gzip, gzip, gzip, gzip", "gzip;q=1", "constructor"])("are refused in %s", (header) =>
    expect(() => codingsOf(header)).toThrow(expect.objectContaining({ code: "MALFORMED_UNKNOWN_ENCODING" })),
  );
});

describe("undoing codings", () => {
  it.each<[string, Buffer, Coding[]]>([
    ["deflate", deflateSync(text), ["deflate"]],
    ["deflate without its header", deflateRawSync(text), ["deflate"]],
    ["br", brotliCompressSync(text), ["br"]],
    ["zstd", zstdCompressSync(text), ["zstd"]],
    ["two in turn", brotliCompressSync(gzipSync(text)), ["gzip", "br"]],
  ])("gives back what was %s", async (_what, bytes, codings) => {
    expect((await decoded(bytes, codings, LIMIT)).equals(text)).toBe(true);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a small body", text],
    ["a large body", Buffer.alloc(3_000_000, text)],
  ])("gives back %s of gzip", async (_, bytes) => {
    expect((await gunzipped(gzipSync(bytes))).equals(bytes)).toBe(true);
  });

  it("takes several gzip files in one, of which the end tells the last one's size only", async () => {
    const both = Buffer.concat([gzipSync(text), gzipSync("end")]);
    expect(await gunzipped(both)).toEqual(Buffer.concat([text, Buffer.from("end")]));
  });

  it.each<[string, Buffer, Coding[]]>([
    ["gzip that is larger than it says", saying(10, gzipSync(Buffer.alloc(LIMIT * 2))), ["gzip"]],
    ["gzip that is larger and says so", gzipSync(Buffer.alloc(LIMIT + 1)), ["gzip"]],
    ["deflate", deflateSync(Buffer.alloc(LIMIT + 1)), ["deflate"]],
    ["br", brotliCompressSync(Buffer.alloc(LIMIT + 1)), ["br"]],
    ["zstd", zstdCompressSync(Buffer.alloc(LIMIT + 1)), ["zstd"]],
  ])("says that %s is too large when decompressed", async (_what, bytes, codings) => {
    await expect(decoded(bytes, codings, LIMIT)).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
  });

  it.each([
    ["says more than it is", saying(100_000, gzipSync(text))],
    ["is cut off", gzipSync(text).subarray(0, -9)],
    ["is shorter than any", Buffer.from("abc")],
    ["is something else", text],
  ])("refuses gzip that %s", async (_, bytes) => {
    await expect(gunzipped(bytes)).rejects.toMatchObject({ code: "MALFORMED_BAD_GZIP" });
  });

  it.each<Coding>(["deflate", "br", "zstd"])("refuses %s that is none", async (coding) => {
    await expect(decoded(text, [coding], LIMIT)).rejects.toMatchObject({ code: "MALFORMED_BAD_ENCODING" });
  });
});
