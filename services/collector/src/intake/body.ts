import type { IncomingMessage } from "node:http";
import { MaydayError } from "@mayday/errors";
import { giveBuffer, takeBuffer } from "./buffers.ts";
import type { MemoryBudget, Share } from "./memory-budget.ts";

/** A body that says it is larger gets its memory as it arrives: a length is easily claimed. */
const TRUSTED_LENGTH = 1024 * 1024;

/**
 * Reads a body whole and hands it to `work`; its bytes count against the budget until that is done, and are gone then.
 * @throws {MaydayError} BODY_TOO_LARGE; and what `work` throws
 */
export async function withBody<T>(
  request: IncomingMessage,
  maxBytes: number,
  budget: MemoryBudget,
  work: (bytes: Buffer, share: Share) => Promise<T>,
): Promise<T> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw new MaydayError("BODY_TOO_LARGE");
  const share = budget.open(request);
  const received = new ReceivedBytes(Math.min(announced, TRUSTED_LENGTH));
  try {
    await receiveAll(request, received, maxBytes, share);
    share.endReading();
    return await work(received.bytes(), share);
  } finally {
    received.release();
    share.release();
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

/** Gathers the chunks of a body in one buffer. */
class ReceivedBytes {
  #buffer: Buffer;
  #length = 0;

  constructor(expected: number) {
    this.#buffer = takeBuffer(expected);
  }

  get length(): number {
    return this.#length;
  }

  add(chunk: Buffer): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const grown = takeBuffer(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      giveBuffer(this.#buffer);
      this.#buffer = grown;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length = needed;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Nobody needs the bytes any more. */
  release(): void {
    giveBuffer(this.#buffer);
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
  }
}
