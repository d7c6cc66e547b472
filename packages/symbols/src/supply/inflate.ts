import { Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";

const CHUNK_BYTES = 1024 * 1024;

/** By so many first bytes a compression is known. */
export const MAGIC_BYTES = 4;

/** Compressions by their first bytes. */
const COMPRESSIONS: readonly { magic: Buffer; inflate: () => Transform }[] = [
  { magic: Buffer.of(0x1f, 0x8b), inflate: () => createGunzip({ chunkSize: CHUNK_BYTES }) },
  {
    magic: Buffer.of(0x28, 0xb5, 0x2f, 0xfd),
    inflate: () => createZstdDecompress({ chunkSize: CHUNK_BYTES }),
  },
];

/** Inflates bytes that are gzip or zstd, by their first bytes, and passes others through. */
export async function* inflated(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  const { head, done } = await readHead(source);
  const all = resume(head, done, source);
  const compression = compressionOf(head);
  if (compression === undefined) {
    yield* all;
    return;
  }
  const inflating = compression.inflate();
  const input = Readable.from(all, { objectMode: false });
  // An error of the input must reach who reads the output.
  input.on("error", (error) => inflating.destroy(error));
  try {
    yield* input.pipe(inflating);
  } finally {
    input.destroy();
  }
}

export function isCompressed(head: Buffer): boolean {
  return compressionOf(head) !== undefined;
}

function compressionOf(head: Buffer) {
  return COMPRESSIONS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
}

async function readHead(source: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; done: boolean }> {
  let head = Buffer.alloc(0);
  while (head.length < MAGIC_BYTES) {
    const next = await source.next();
    if (next.done) return { head, done: true };
    head = Buffer.concat([head, next.value]);
  }
  return { head, done: false };
}

async function* resume(
  head: Uint8Array,
  done: boolean,
  source: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  try {
    yield head;
    while (!done) {
      const next = await source.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}
