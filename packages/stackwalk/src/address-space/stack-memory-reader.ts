import type { MemoryRange } from "@mayday/minidump";

/** Guard regions below stacks are a page up to this large, or are skipped by a frame of this size. */
const GUARD_BYTES = 0x1_0000n;

/** Reads words of a thread's stack; nothing else is readable while walking. */
export class StackReader {
  readonly wordBytes: 4 | 8;
  readonly #base: bigint;
  readonly #bytes: MemoryRange["bytes"];
  readonly #onUse: ((address: bigint) => void) | undefined;

  /** @param onUse is told of every word that a walk depends on */
  constructor(range: MemoryRange, wordBytes: 4 | 8, onUse?: (address: bigint) => void) {
    this.wordBytes = wordBytes;
    this.#base = range.base;
    this.#bytes = range.bytes;
    this.#onUse = onUse;
  }

  /** The word at an address; undefined when not all of it is there. */
  word(address: bigint): bigint | undefined {
    this.#onUse?.(address);
    return this.peek(address);
  }

  /** As {@link word}, for a look that ends at nothing when the word is no address of code: then any other is as good. */
  peek(address: bigint): bigint | undefined {
    const offset = Number(address - this.#base);
    if (!(offset >= 0 && offset + this.wordBytes <= this.#bytes.length)) return undefined;
    return this.wordBytes === 8 ? this.#bytes.u64(offset) : BigInt(this.#bytes.u32(offset));
  }

  /** The address, or the first one that is there where the address lies at most a large guard region below. */
  firstAtOrAbove(address: bigint): bigint {
    const isJustBelow = address < this.#base && this.#base - address <= GUARD_BYTES;
    return isJustBelow ? this.#base : address;
  }

  /** Whether the word at an address is all there. */
  has(address: bigint): boolean {
    const offset = Number(address - this.#base);
    return offset >= 0 && offset + this.wordBytes <= this.#bytes.length;
  }
}
