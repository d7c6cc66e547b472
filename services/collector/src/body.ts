import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, gunzipSync } from "node:zlib";
import { MaydayError } from "@mayday/crash";
import type { MemoryBudget, Share } from "./memory-budget.ts";
import { ReceivedBytes } from "./received-bytes.ts";

const inflate = promisify(gunzip);

/** A body as it arrived. */
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
 * Reads a body whole and hands it to `work`; its bytes count against the budget until that is done, and are gone then.
 * @throws {MaydayError} BODY_TOO_LARGE; and what `work` throws
 */
export async function withBody<T>(
  request: IncomingMessage,
  maxBytes: number,
  budget: MemoryBudget,
  work: (body: ReceivedBody, share: Share) => Promise<T>,
): Promise<T> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw new MaydayError("BODY_TOO_LARGE");
  const share = budget.open(request);
  try {
    const received = await readAll(request, maxBytes, share);
    share.endReading();
    try {
      return await work({ bytes: received.bytes(), compressed: isGzipped(request) }, share);
    } finally {
      received.release();
    }
  } finally {
    share.release();
  }
}

function isGzipped(request: IncomingMessage): boolean {
  return request.headers["content-encoding"]?.trim().toLowerCase() === "gzip";
}

async function readAll(request: IncomingMessage, maxBytes: number, share: Share): Promise<ReceivedBytes> {
  const received = new ReceivedBytes(Number(request.headers["content-length"] ?? 0));
  try {
    await receiveAll(request, received, maxBytes, share);
    return received;
  } catch (error) {
    received.release();
    throw error;
  }
}

/** Events, not an iterator: they cost half as much. */
function receiveAll(
  request: IncomingMessage,
  received: ReceivedBytes,
  maxBytes: number,
  share: Share,
): Promise<void> {
  return new Promise((done, failed) => {
    const take = (chunk: Buffer) => {
      share.add(chunk.length);
      if (received.length + chunk.length > maxBytes) fail(new MaydayError("BODY_TOO_LARGE"));
      else received.add(chunk);
    };
    const fail = (error: Error) => {
      request.off("data", take);
      failed(error);
    };
    request.on("data", take);
    request.once("end", done);
    // A client may hang up behind its body, too: that is nobody's concern here any more.
    request.once("error", fail);
    request.once("close", () => {
      // Every request closes; an error that nobody is told would cost each of them a stack trace.
      if (!request.readableEnded) fail(new Error("the client hung up"));
    });
  });
}

/** Chunks of this size at most are made at a time; the sender's word for the size is not trusted with more. */
const LARGEST_CHUNK = 4 * 1024 * 1024;

/** Up to so many bytes, before and after, handing a body to another thread costs more than it spares this one. */
const SMALL = 1024 * 1024;

/**
 * Undoes gzip.
 * @throws {MaydayError} MALFORMED_BAD_GZIP, also when more than `maxOutputLength` come out
 */
export async function inflated(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  // gzip ends with the size of what went in: one chunk of that size needs no joining.
  const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  const chunkSize = Math.min(Math.max(size + 1, 16 * 1024), LARGEST_CHUNK);
  try {
    const isSmall = bytes.length <= SMALL && size <= Math.min(SMALL, maxOutputLength);
    const here = isSmall ? inflatedHere(bytes, size) : undefined;
    return here ?? (await inflate(bytes, { maxOutputLength, chunkSize }));
  } catch (error) {
    throw new MaydayError("MALFORMED_BAD_GZIP", undefined, { cause: error });
  }
}

/** Undefined when there is more in it than its end says: it may be a bomb, or several files in one. */
function inflatedHere(bytes: Buffer, size: number): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size + 1, 1024) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}
