import { freeNow, giveMemory, takeMemory } from "./body-memory.ts";

/** A body that says it is larger gets its memory as it arrives: a length is easily claimed. */
const TRUSTED_LENGTH = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/** Gathers the chunks of a body in one buffer, and frees them. */
export class ReceivedBytes {
  #bytes: Buffer;
  #length = 0;

  /** @param announced the length that the sender says, or 0 */
  constructor(announced: number) {
    this.#bytes = takeMemory(Math.min(announced, TRUSTED_LENGTH));
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
    const grown = takeMemory(size);
    this.#bytes.copy(grown, 0, 0, this.#length);
    giveMemory(this.#bytes);
    this.#bytes = grown;
  }

  /** What has arrived. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Nobody needs the bytes any more. */
  release(): void {
    giveMemory(this.#bytes);
    this.#bytes = NOTHING;
    this.#length = 0;
  }
}
