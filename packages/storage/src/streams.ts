import { PassThrough, pipeline, Readable } from "node:stream";
import { unavailable, type Words } from "./unavailable.ts";

/** An error that comes before anybody listens is told to who listens then; it must not end the process. */
const laterTold = () => undefined;

/**
 * A stream out of a store that ends well only when all its bytes came.
 * @param size how many bytes the object has; undefined where that is not known
 */
export function wholeStream(source: Readable, size: number | undefined, words?: Words): Readable {
  source.on("error", laterTold);
  const whole = Readable.from(allOf(source, size, words), { objectMode: false });
  // One that is left before its first byte has not begun to read the source.
  whole.once("close", () => source.destroy());
  return whole.on("error", laterTold);
}

async function* allOf(source: Readable, size: number | undefined, words?: Words): AsyncIterable<Buffer> {
  let received = 0;
  try {
    for await (const piece of source) {
      received += piece.length;
      yield piece;
    }
  } catch (error) {
    throw unavailable(error, words);
  }
  if (size !== undefined && received !== size) {
    throw unavailable(new Error(`${received} of ${size} bytes came`));
  }
}

/** A source that somebody gave, listened to from now on: it may fail before a store begins to read it. */
export function heldSource(source: Readable): Readable {
  const held = new PassThrough();
  pipeline(source, held, laterTold);
  return held.on("error", laterTold);
}
