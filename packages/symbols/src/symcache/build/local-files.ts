import type { ByteWriter } from "../format/byte-writer.ts";
import { GrowingArray } from "../format/growing-array.ts";
import type { NumberedNames } from "./numbered-names.ts";

/** The files that one function's lines and calls stand in, counted from 1: most functions have few. */
export class LocalFiles {
  readonly #files: NumberedNames;
  /** By index among all files: the function that used it last, and its number there. */
  #usedBy = new Uint32Array(1024);
  #numbers = new Uint32Array(1024);
  #function = 0;
  readonly #used = new GrowingArray(Uint32Array, 64);

  constructor(files: NumberedNames) {
    this.#files = files;
  }

  get count(): number {
    return this.#used.length;
  }

  /** Begins with the next function. */
  clear(): void {
    this.#function++;
    this.#used.length = 0;
  }

  /** The function's own number of a FILE id. */
  local(id: number): number {
    const index = this.#files.indexOf(id);
    if (index >= this.#usedBy.length) this.#growTo(index);
    if (this.#usedBy[index] !== this.#function) {
      this.#usedBy[index] = this.#function;
      this.#used.push(index);
      this.#numbers[index] = this.#used.length;
    }
    return this.#numbers[index]!;
  }

  /** Writes varint count, then each file's index among all as a varint. */
  write(out: ByteWriter): void {
    const { items, length } = this.#used;
    out.varint(length);
    for (let i = 0; i < length; i++) out.varint(items[i]!);
  }

  #growTo(index: number): void {
    const size = Math.max(this.#usedBy.length * 2, index + 1);
    const [usedBy, numbers] = [this.#usedBy, this.#numbers];
    this.#usedBy = new Uint32Array(size);
    this.#numbers = new Uint32Array(size);
    this.#usedBy.set(usedBy);
    this.#numbers.set(numbers);
  }
}
