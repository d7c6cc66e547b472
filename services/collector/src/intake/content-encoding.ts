import { pipeline } from "node:stream";
import { promisify } from "node:util";
import {
  type BrotliOptions,
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  type ZlibOptions,
  type ZstdOptions,
  zstdDecompress,
} from "node:zlib";
import { MaydayError } from "@mayday/errors";

/** How bytes may be compressed on their way (RFC 9110 8.4.1; `zstd`: RFC 8878). */
export type Coding = "gzip" | "deflate" | "br" | "zstd";

const codings = new Map<string, Coding>([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
  ["br", "br"],
  ["zstd", "zstd"],
]);
/** Nobody compresses more often; each time may make much of little. */
const MOST_CODINGS = 3;

/**
 * The codings that a Content-Encoding names, in the order in which they were applied.
 * @throws {MaydayError} MALFORMED_UNKNOWN_ENCODING
 */
export function codingsOf(contentEncoding: string | undefined): Coding[] {
  if (contentEncoding === undefined) return [];
  const names = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  const known = names.map((name) => codings.get(name));
  const isKnown = known.every((coding) => coding !== undefined);
  if (!isKnown || known.length > MOST_CODINGS) throw new MaydayError("MALFORMED_UNKNOWN_ENCODING");
  return known;
}

/**
 * Undoes codings.
 * @throws {MaydayError} MALFORMED_BAD_GZIP, MALFORMED_BAD_ENCODING; BODY_TOO_LARGE when more than `maxBytes` come out
 */
export async function decoded(bytes: Buffer, codings: readonly Coding[], maxBytes: number): Promise<Buffer> {
  let at = bytes;
  for (const coding of codings.toReversed()) {
    try {
      at = await decoders[coding](at, maxBytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
        throw new MaydayError("BODY_TOO_LARGE", `more than ${maxBytes} bytes when decompressed`);
      }
      throw badCoding(coding, error);
    }
  }
  return at;
}

type Pieces = AsyncIterable<Buffer>;

/**
 * The same for bytes that come one after the other: what undoes the codings, in that order; each fails with
 * MALFORMED_BAD_GZIP or MALFORMED_BAD_ENCODING.
 * @param beginning the first of the bytes
 */
export function decodingSteps(codings: readonly Coding[], beginning: Buffer): ((pieces: Pieces) => Pieces)[] {
  return codings.toReversed().map(
    (coding, index) =>
      async function* (pieces) {
        // Whether zlib's header is there is seen in bytes that nothing else is to be undone of first.
        const isRaw = coding === "deflate" && index === 0 && !isZlib(beginning);
        const decoder = isRaw ? createInflateRaw() : streams[coding]();
        // Its errors are heard below.
        pipeline(pieces, decoder, () => undefined);
        try {
          yield* decoder;
        } catch (error) {
          throw error instanceof MaydayError ? error : badCoding(coding, error);
        }
      },
  );
}

const streams = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} satisfies Record<Coding, () => unknown>;

function badCoding(coding: Coding, cause: unknown): MaydayError {
  const code = coding === "gzip" ? "MALFORMED_BAD_GZIP" : "MALFORMED_BAD_ENCODING";
  return new MaydayError(code, coding === "gzip" ? undefined : coding, { cause });
}

type Decoder = (bytes: Buffer, maxOutputLength: number) => Promise<Buffer>;

const zlib =
  (decode: (bytes: Buffer, options: ZlibOptions & BrotliOptions & ZstdOptions) => Promise<Buffer>): Decoder =>
  (bytes, maxOutputLength) =>
    decode(bytes, { maxOutputLength, chunkSize: 256 * 1024 });

const [inflated, inflatedRaw] = [zlib(promisify(inflate)), zlib(promisify(inflateRaw))];

const decoders: Readonly<Record<Coding, Decoder>> = {
  gzip: gunzipped,
  // Some senders leave zlib's header out.
  deflate: (bytes, most) => (isZlib(bytes) ? inflated(bytes, most) : inflatedRaw(bytes, most)),
  br: zlib(promisify(brotliDecompress)),
  zstd: zlib(promisify(zstdDecompress)),
};

function isZlib(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes[0]! & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

const gunzipLarge = promisify(gunzip);
/** Chunks of this size at most are made at a time; the sender's word for the size is not trusted with more. */
const LARGEST_CHUNK = 4 * 1024 * 1024;
/** Up to so many bytes, before and after, handing a body to another thread costs more than it spares this one. */
const SMALL = 1024 * 1024;

async function gunzipped(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  // gzip ends with the size of what went in: one chunk of that size needs no joining.
  const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  if (bytes.length <= SMALL && size > 0 && size <= Math.min(SMALL, maxOutputLength)) {
    try {
      return gunzipSync(bytes, { maxOutputLength: size, chunkSize: Math.max(size + 1, 1024) });
    } catch (error) {
      // More in it than its end says: it may be a bomb, or several files in one.
      if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw error;
    }
  }
  const chunkSize = Math.min(Math.max(size + 1, 16 * 1024), LARGEST_CHUNK);
  return gunzipLarge(bytes, { maxOutputLength, chunkSize });
}
