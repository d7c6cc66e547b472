import { randomBytes } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflated } from "./inflate.ts";

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Bytes in pieces of a size, and whether their source was closed. */
function inPieces(bytes: Buffer, size = bytes.length || 1) {
  const state = { closed: false };
  async function* pieces(): AsyncIterable<Uint8Array> {
    try {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    } finally {
      state.closed = true;
    }
  }
  return { pieces: pieces(), state };
}

function withWrongChecksum(gzip: Buffer): Buffer {
  return gzip.fill(0, gzip.length - 8, gzip.length - 4);
}

const text = "MODULE Linux x86_64 0 app\n".repeat(2000);

describe("inflated", () => {
  it.each([
    ["plain text", Buffer.from(text)],
    ["gzip", gzipSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["gzip in two members", Buffer.concat([gzipSync(text.slice(0, 30)), gzipSync(text.slice(30))])],
  ])("gives the text of %s, whole and byte by byte", async (_, bytes) => {
    expect(await collect(inflated(inPieces(bytes).pieces))).toBe(text);
    expect(await collect(inflated(inPieces(bytes, 1).pieces))).toBe(text);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["one byte", Buffer.from("M")],
    ["the first byte of gzip alone", Buffer.from([0x1f])],
  ])("passes %s through", async (_, bytes) => {
    expect(await collect(inflated(inPieces(bytes).pieces))).toBe(bytes.toString());
  });

  it.each([
    ["ends too early", gzipSync(text).subarray(0, 100)],
    ["ends after its header", gzipSync(text).subarray(0, 2)],
    ["has a wrong checksum", withWrongChecksum(gzipSync(text))],
    ["is none but for its first bytes", Buffer.from("\x1f\x8bnot gzip at all", "latin1")],
  ])("fails on gzip that %s", async (_, bytes) => {
    const { pieces, state } = inPieces(bytes, 10);
    await expect(collect(inflated(pieces))).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/) });
    expect(state.closed).toBe(true);
  });

  it.each([false, true])("passes on what goes wrong in the source (gzip: %s)", async (isGzip) => {
    async function* broken() {
      yield isGzip ? gzipSync(text).subarray(0, 50) : Buffer.from(text);
      throw new Error("line went dead");
    }
    await expect(collect(inflated(broken()))).rejects.toThrow("line went dead");
  });

  it.each([false, true])("closes the source when nobody reads on (gzip: %s)", async (isGzip) => {
    const noise = randomBytes(1_000_000);
    const { pieces, state } = inPieces(isGzip ? gzipSync(noise) : noise, 1000);
    for await (const _ of inflated(pieces)) break;
    await expect.poll(() => state.closed).toBe(true);
  });
});
