import type { IncomingMessage } from "node:http";
import { MaydayError } from "@mayday/errors";
import { giveBuffer, takeBuffer } from "./buffers.ts";
import type { MemoryBudget, Share } from "./memory-budget.ts";

/** A body that says it is larger gets its memory as it arrives: a length is easily claimed. */
const TRUSTED_LENGTH = 1024 * 1024;

/** Bytes that a body may have, and how many of them may be in memory. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** As many as a body may have, when absent. */
  readonly memoryBytes?: number;
}

/**
 * Reads a body and hands it to `work`, whole or, where it is larger than memory, what there is room for and the rest of
 * it, to be read. Its bytes in memory count against the budget until that is done, and are gone then.
 * @throws {MaydayError} BODY_TOO_LARGE; and what `work` throws
 */
export async function withBody<T>(
  request: IncomingMessage,
  { maxBytes, memoryBytes = maxBytes }: BodyLimits,
  budget: MemoryBudget,
  work: (bytes: Buffer, share: Share, rest: AsyncIterable<Buffer> | undefined) => Promise<T>,
): Promise<T> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw new MaydayError("BODY_TOO_LARGE");
  const share = budget.open(request);
  const received = new ReceivedBytes(Math.min(announced, TRUSTED_LENGTH));
  try {
    const isWhole = await receive(request, received, { maxBytes, memoryBytes }, share);
    share.endReading();
    // Left before its end it is not destroyed: its sender is to be answered.
    const rest = isWhole ? undefined : request.iterator({ destroyOnReturn: false });
    return await work(received.bytes(), share, rest);
  } finally {
    received.release();
    share.release();
  }
}

/**
 * Receives what there is room for; the answer is whether that is all. Events, not an iterator: they cost half as much.
 */
function receive(
  request: IncomingMessage,
  received: ReceivedBytes,
  { maxBytes, memoryBytes }: Required<BodyLimits>,
  share: Share,
): Promise<boolean> {
  return new Promise((done, failed) => {
    const take = (chunk: Buffer) => {
      share.add(chunk.length);
      if (received.length + chunk.length > maxBytes) fail(new MaydayError("BODY_TOO_LARGE"));
      else received.add(chunk);
      if (received.length > memoryBytes) {
        request.off("data", take).pause();
        done(false);
      }
    };
    const fail = (error: Error) => {
      request.off("data", take);
      failed(error);
    };
    request.on("data", take);
    request.once("end", () => done(true));
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
