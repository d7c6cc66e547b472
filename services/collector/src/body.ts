import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { MaydayError } from "@mayday/crash";

const inflate = promisify(gunzip);

export interface Body {
  /** The multipart body, inflated. */
  readonly bytes: Buffer;
  /** How many bytes arrived. */
  readonly receivedBytes: number;
  readonly compressed: boolean;
}

/**
 * Reads a report's body whole and undoes gzip.
 * @throws {MaydayError} BODY_TOO_LARGE, MALFORMED_NO_CONTENT_LENGTH, MALFORMED_BAD_GZIP
 */
export async function readBody(
  request: IncomingMessage,
  limits: { maxBodyBytes: number; maxInflatedBytes: number },
): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > limits.maxBodyBytes)
    throw new MaydayError("BODY_TOO_LARGE");
  const received = await readAll(request, limits.maxBodyBytes);
  // Crashpad sends chunked bodies without a length; Antenna would refuse them, and Crashpad never tries again.
  if (received.length === 0) throw new MaydayError("MALFORMED_NO_CONTENT_LENGTH");
  const compressed = request.headers["content-encoding"]?.trim().toLowerCase() === "gzip";
  const bytes = compressed ? await gunzipped(received, limits.maxInflatedBytes) : received;
  return { bytes, receivedBytes: received.length, compressed };
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
