/** A body that says it is larger gets its memory as it arrives: a length is easily claimed. */
const TRUSTED_LENGTH = 1024 * 1024;

/**
 * Gives the memory of a buffer back at once; the buffer is empty then. Waiting for the garbage collector costs a third of
 * the processor at full load: some 60 MB outside its heap make it look through all of it. Only for a buffer that is alone
 * in its memory and that nobody reads or writes any more, no kernel call either.
 */
export function freeNow(bytes: Buffer): void {
  // Node's pool of small buffers belongs to many.
  const isPool = bytes.buffer.byteLength === Buffer.poolSize;
  if (!isPool && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
}

/** Gathers the chunks of a body in one buffer, and frees them. */
export class ReceivedBytes {
  #bytes: Buffer;
  #length = 0;

  /** @param announced the length that the sender says, or 0 */
  constructor(announced: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(announced, TRUSTED_LENGTH));
  }

  get length(): number {
    return this.#length;
  }

  add(chunk: Buffer): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#bytes.length) this.#grow(Math.max(needed, this.#bytes.length * 2));
    chunk.copy(this.#bytes, this.#length);
    this.#length = needed;
    if (chunk.length === chunk.buffer.byteLength) freeNow(chunk);
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(grown, 0, 0, this.#length);
    freeNow(this.#bytes);
    this.#bytes = grown;
  }

  /** What has arrived. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
