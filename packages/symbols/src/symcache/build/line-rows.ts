import { type ByteWriter, widthOf } from "../format/byte-writer.ts";
import { GrowingArray } from "../format/growing-array.ts";
import type { LocalFiles } from "./local-files.ts";
import { keepSortedRanges } from "./sorted-ranges.ts";

/** More than the largest generated function has; the rest is left out. */
const MAX_LINES = 1 << 20;

const u32 = () => new GrowingArray(Uint32Array, 64);

/**
 * The lines of one function as rows: from its start on, a row's place in the source holds up to the next row. Where
 * there is a gap between lines stands a row of file 0, which is none. Columns are as wide as their largest value, so
 * that a row is found by position.
 */
export class LineRows {
  readonly #start = new GrowingArray(Float64Array, 64);
  readonly #size = u32();
  readonly #number = u32();
  /** FILE ids. */
  readonly #file = u32();
  readonly #kept = u32();
  readonly #rows = { start: u32(), number: u32(), file: u32() };
  #least = 0;
  #largest = 0;
  /** Whether rows without a line are among them. */
  hasGaps = false;

  /** How many rows {@link arrange} made. */
  get count(): number {
    return this.#rows.start.length;
  }

  clear(): void {
    this.#start.length = 0;
    this.#size.length = 0;
    this.#number.length = 0;
    this.#file.length = 0;
  }

  /** @param start relative to the function's; may be negative */
  add(start: number, size: number, number: number, file: number): void {
    if (size === 0 || this.#start.length === MAX_LINES) return;
    this.#start.push(start);
    this.#size.push(size);
    this.#number.push(number);
    this.#file.push(file);
  }

  /** Makes rows of the lines that lie in the function, whose size is given, and numbers the files they use. */
  arrange(functionSize: number, files: LocalFiles): void {
    this.#beginRows();
    this.#kept.length = 0;
    const lines = { starts: this.#start.items, sizes: this.#size.items, length: this.#start.length };
    keepSortedRanges(this.#kept, lines);
    let reached = 0;
    for (let i = 0; i < this.#kept.length; i++) {
      const line = this.#kept.items[i]!;
      const start = lines.starts[line]!;
      const begin = Math.max(0, start);
      const end = Math.min(start + lines.sizes[line]!, functionSize);
      if (begin >= end) continue;
      if (begin > reached) this.#gap(reached);
      this.#row(begin, this.#number.items[line]!, files.local(this.#file.items[line]!));
      reached = end;
    }
    if (this.count > 0 && reached < functionSize) this.#gap(reached);
  }

  /**
   * Writes u8 widths (bits 0-2 of starts, 3-5 of numbers, 6-7 of files), the least number as a varint, then columns of
   * starts, of numbers less the least, and of files.
   */
  write(out: ByteWriter, fileWidth: number): void {
    const { start, number, file } = this.#rows;
    const startWidth = widthOf(start.items[start.length - 1]!);
    const numberWidth = widthOf(this.#largest - this.#least);
    out.u8(startWidth | (numberWidth << 3) | (fileWidth << 6));
    out.varint(this.#least);
    for (let i = 0; i < start.length; i++) out.fixed(start.items[i]!, startWidth);
    for (let i = 0; i < start.length; i++) {
      out.fixed(file.items[i] === 0 ? 0 : number.items[i]! - this.#least, numberWidth);
    }
    for (let i = 0; i < start.length; i++) out.fixed(file.items[i]!, fileWidth);
  }

  #beginRows(): void {
    this.#rows.start.length = 0;
    this.#rows.number.length = 0;
    this.#rows.file.length = 0;
    this.hasGaps = false;
    this.#least = 0xffff_ffff;
    this.#largest = 0;
  }

  #gap(start: number): void {
    this.hasGaps = true;
    this.#push(start, 0, 0);
  }

  #row(start: number, number: number, file: number): void {
    if (number < this.#least) this.#least = number;
    if (number > this.#largest) this.#largest = number;
    this.#push(start, number, file);
  }

  #push(start: number, number: number, file: number): void {
    this.#rows.start.push(start);
    this.#rows.number.push(number);
    this.#rows.file.push(file);
  }
}
