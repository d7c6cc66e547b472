import { promisify } from "node:util";
import { constants, gunzip, zstdCompressSync, zstdDecompress } from "node:zlib";

const decompress = promisify(zstdDecompress);
const inflate = promisify(gunzip);

const LEVEL = 3;
/** No stored document is larger. */
const MAX_BYTES = 256 * 1024 * 1024;

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * A document's JSON, compressed. Blocks: zstd makes 17 KB of 309 KB of a processed crash in less time than the pool's
 * threads are asked, gzip 21 KB in four times that; of 16 KB either leaves a quarter.
 */
export function compressedJson(value: unknown): Buffer {
  return zstdCompressSync(JSON.stringify(value), { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
}

const NEWLINE = Buffer.from("\n");

/** Texts of one line each, compressed together. */
export function compressedLines(lines: readonly Uint8Array[]): Buffer {
  const all = Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
  return zstdCompressSync(all, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
}

/** The lines of a text that is stored compressed, or plain; empty ones are none. */
export async function linesOf(bytes: Buffer): Promise<string[]> {
  return (await textOf(bytes)).split("\n").filter((line) => line !== "");
}

/** The text of a document that is stored plain, as it was once, or compressed: its first bytes tell. */
export async function textOf(bytes: Buffer): Promise<string> {
  return (await plain(bytes)).toString("utf8");
}

async function plain(bytes: Buffer): Promise<Buffer> {
  if (startsWith(bytes, ZSTD)) return decompress(bytes, { maxOutputLength: MAX_BYTES });
  if (startsWith(bytes, GZIP)) return inflate(bytes, { maxOutputLength: MAX_BYTES });
  return bytes;
}

function startsWith(bytes: Buffer, head: Buffer): boolean {
  return bytes.subarray(0, head.length).equals(head);
}
