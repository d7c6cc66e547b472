import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

const GZIP_MAGIC = 0x1f8b;
const CHUNK_BYTES = 1024 * 1024;

/** Inflates bytes that are gzip, by their first two bytes, and passes others through. */
export async function* inflated(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  const { head, done } = await readHead(source);
  const all = resume(head, done, source);
  const isGzip = head.length >= 2 && head.readUInt16BE(0) === GZIP_MAGIC;
  if (!isGzip) {
    yield* all;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const input = Readable.from(all, { objectMode: false });
  // An error of the input must reach who reads the output.
  input.on("error", (error) => gunzip.destroy(error));
  try {
    yield* input.pipe(gunzip);
  } finally {
    input.destroy();
  }
}

async function readHead(source: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; done: boolean }> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
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
