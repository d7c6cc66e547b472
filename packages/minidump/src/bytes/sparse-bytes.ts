import type { Excerpt } from "./byte-source.ts";

const PAGE_BYTES = 65_536;

/** Bytes of which most are zeros: of a file larger than the memory only the pages that hold others are there. */
export class SparseBytes {
  readonly length: number;
  readonly #pages = new Map<number, Uint8Array>();

  /** Zeros. */
  constructor(length: number) {
    this.length = length;
  }

  /** Puts `bytes` at `at`; what would lie behind the end is left out. */
  set(bytes: Uint8Array, at: number): void {
    const end = Math.min(bytes.length, this.length - at);
    for (let from = 0; from < end; ) {
      const within = (at + from) % PAGE_BYTES;
      const to = Math.min(end, from + PAGE_BYTES - within);
      this.#page((at + from - within) / PAGE_BYTES).set(bytes.subarray(from, to), within);
      from = to;
    }
  }

  /** What is there, in its order. */
  *pieces(): Iterable<Excerpt> {
    const numbers = [...this.#pages.keys()].sort((a, b) => a - b);
    for (const number of numbers) yield { at: number * PAGE_BYTES, bytes: this.#pages.get(number)! };
  }

  /** All of it, zeros too. */
  whole(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    for (const piece of this.pieces()) bytes.set(piece.bytes, piece.at);
    return bytes;
  }

  #page(number: number): Uint8Array {
    const kept = this.#pages.get(number);
    if (kept !== undefined) return kept;
    const page = new Uint8Array(Math.min(PAGE_BYTES, this.length - number * PAGE_BYTES));
    this.#pages.set(number, page);
    return page;
  }
}
