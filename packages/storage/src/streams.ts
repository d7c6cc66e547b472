import { PassThrough, pipeline, type Readable } from "node:stream";
import { unavailable, type Words } from "./unavailable.ts";

/** An error that comes before anybody listens is told to who listens then; it must not end the process. */
const laterTold = () => undefined;

/**
 * A stream out of a store that ends well only when all its bytes came.
 * @param size how many bytes the object has; undefined where that is not known
 */
export function wholeStream(source: Readable, size: number | undefined, words?: Words): Readable {
  let received = 0;
  const whole = new PassThrough({
    transform(piece: Buffer, _, done) {
      received += piece.length;
      done(null, piece);
    },
    flush(done) {
      const isShort = size !== undefined && received !== size;
      done(isShort ? new Error(`${received} of ${size} bytes came`) : null);
    },
    destroy(error, done) {
      // A reader that left is not the store's fault.
      const isLeft = error === null || error.name === "AbortError";
      done(isLeft ? error : unavailable(error, words));
    },
  });
  pipeline(source, whole, laterTold);
  return whole.on("error", laterTold);
}

/** A source that somebody gave, listened to from now on: it may fail before a store begins to read it. */
export function heldSource(source: Readable): Readable {
  const held = new PassThrough();
  pipeline(source, held, laterTold);
  return held.on("error", laterTold);
}
