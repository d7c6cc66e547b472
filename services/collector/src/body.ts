import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { MaydayError } from "@mayday/crash";

const inflate = promisify(gunzip);

/** A report's body as it arrived. */
export interface ReceivedBody {
  readonly bytes: Buffer;
  readonly compressed: boolean;
}

/** A report's body, inflated. */
export interface Body {
  /** The multipart body. */
  readonly bytes: Buffer;
  /** How many bytes arrived. */
  readonly receivedBytes: number;
  readonly compressed: boolean;
}

/**
 * Reads a report's body whole.
 * @throws {MaydayError} BODY_TOO_LARGE, MALFORMED_NO_CONTENT_LENGTH
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<ReceivedBody> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw new MaydayError("BODY_TOO_LARGE");
  const bytes = await readAll(request, maxBytes);
  // Crashpad sends chunked bodies without a length; Antenna would refuse them, and Crashpad never tries again.
  if (bytes.length === 0) throw new MaydayError("MALFORMED_NO_CONTENT_LENGTH");
  return { bytes, compressed: request.headers["content-encoding"]?.trim().toLowerCase() === "gzip" };
}

/**
 * Undoes gzip.
 * @throws {MaydayError} MALFORMED_BAD_GZIP, also when more than `maxBytes` come out
 */
export async function inflateBody({ bytes, compressed }: ReceivedBody, maxBytes: number): Promise<Body> {
  const inflated = compressed ? await gunzipped(bytes, maxBytes) : bytes;
  return { bytes: inflated, receivedBytes: bytes.length, compressed };
}

async function readAll(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > maxBytes) throw new MaydayError("BODY_TOO_LARGE");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function gunzipped(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength });
  } catch (error) {
    throw new MaydayError("MALFORMED_BAD_GZIP", undefined, { cause: error });
  }
}
