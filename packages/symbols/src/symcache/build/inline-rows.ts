import { type ByteWriter, widthOf } from "../format/byte-writer.ts";
import { GrowingArray } from "../format/growing-array.ts";
import type { LocalFiles } from "./local-files.ts";
import type { NumberedNames } from "./numbered-names.ts";

/** More than the largest generated function has; the rest is left out. */
const MAX_INLINES = 1 << 20;

const u32 = () => new GrowingArray(Uint32Array, 64);

/**
 * The inlined ranges of one function, depth by depth, each depth sorted by start. The function that covers an address
 * at some depth is found among those of that depth alone.
 */
export class InlineRows {
  readonly #origins: NumberedNames;
  readonly #depth = u32();
  readonly #start = new GrowingArray(Float64Array, 64);
  readonly #size = u32();
  readonly #callLine = u32();
  /** FILE ids. */
  readonly #callFile = u32();
  /** INLINE_ORIGIN ids. */
  readonly #origin = u32();
  readonly #rows = { start: u32(), size: u32(), line: u32(), file: u32(), origin: u32() };
  /** How many rows each depth has. */
  readonly #depths = u32();

  constructor(origins: NumberedNames) {
    this.#origins = origins;
  }

  /** How many depths {@link arrange} made rows of. */
  get depths(): number {
    return this.#depths.length;
  }

  clear(): void {
    this.#depth.length = 0;
    this.#start.length = 0;
    this.#size.length = 0;
    this.#callLine.length = 0;
    this.#callFile.length = 0;
    this.#origin.length = 0;
  }

  /** @param start relative to the function's; may be negative */
  add(depth: number, start: number, size: number, callLine: number, callFile: number, origin: number): void {
    if (size === 0 || this.#start.length === MAX_INLINES) return;
    this.#depth.push(depth);
    this.#start.push(start);
    this.#size.push(size);
    this.#callLine.push(callLine);
    this.#callFile.push(callFile);
    this.#origin.push(origin);
  }

  /**
   * Makes rows of the ranges that begin before the function's end. Depths behind one without ranges are never reached.
   * One that lies before the function is kept as an empty one: it hides those that begin before it (the peer looks
   * only at the last range that begins at or before an address).
   */
  arrange(functionSize: number, files: LocalFiles): void {
    this.#beginRows();
    const order = this.#order();
    for (let i = 0; i < this.#start.length; i++) {
      const range = order === undefined ? i : order[i]!;
      const depth = this.#depth.items[range]!;
      if (this.#start.items[range]! >= functionSize) continue;
      if (depth > this.#depths.length) break;
      if (depth === this.#depths.length) this.#depths.push(0);
      this.#depths.items[depth]!++;
      this.#row(range, functionSize, files);
    }
  }

  /**
   * Writes how many rows each depth has as varints, u16 widths (bits 0-2 of starts, 3-5 of sizes, 6-8 of call lines,
   * 9-11 of origins, 12-13 of files), then the columns in this order.
   */
  write(out: ByteWriter, fileWidth: number): void {
    for (let depth = 0; depth < this.#depths.length; depth++) out.varint(this.#depths.items[depth]!);
    const { start, size, line, file, origin } = this.#rows;
    const startWidth = widthOf(largest(start));
    const sizeWidth = widthOf(largest(size));
    const lineWidth = widthOf(largest(line));
    const originWidth = widthOf(largest(origin));
    out.fixed(startWidth | (sizeWidth << 3) | (lineWidth << 6) | (originWidth << 9) | (fileWidth << 12), 2);
    writeColumn(out, start, startWidth);
    writeColumn(out, size, sizeWidth);
    writeColumn(out, line, lineWidth);
    writeColumn(out, origin, originWidth);
    writeColumn(out, file, fileWidth);
  }

  #beginRows(): void {
    this.#rows.start.length = 0;
    this.#rows.size.length = 0;
    this.#rows.line.length = 0;
    this.#rows.file.length = 0;
    this.#rows.origin.length = 0;
    this.#depths.length = 0;
  }

  #row(range: number, functionSize: number, files: LocalFiles): void {
    const start = this.#start.items[range]!;
    const begin = Math.max(0, start);
    const end = Math.min(start + this.#size.items[range]!, functionSize);
    this.#rows.start.push(begin);
    this.#rows.size.push(Math.max(0, end - begin));
    this.#rows.line.push(this.#callLine.items[range]!);
    this.#rows.file.push(files.local(this.#callFile.items[range]!));
    this.#rows.origin.push(this.#origins.indexOf(this.#origin.items[range]!));
  }

  /**
   * The ranges by depth, start, size, call file, call line and origin: of those that begin together the last counts.
   * Undefined where they are in that order.
   */
  #order(): Uint32Array | undefined {
    let isSorted = true;
    for (let i = 1; isSorted && i < this.#start.length; i++) isSorted = this.#compare(i - 1, i) <= 0;
    if (isSorted) return undefined;
    const order = Uint32Array.from({ length: this.#start.length }, (_, i) => i);
    return order.sort((a, b) => this.#compare(a, b));
  }

  #compare(a: number, b: number): number {
    return (
      this.#depth.items[a]! - this.#depth.items[b]! ||
      this.#start.items[a]! - this.#start.items[b]! ||
      this.#size.items[a]! - this.#size.items[b]! ||
      this.#callFile.items[a]! - this.#callFile.items[b]! ||
      this.#callLine.items[a]! - this.#callLine.items[b]! ||
      this.#origin.items[a]! - this.#origin.items[b]!
    );
  }
}

function writeColumn(out: ByteWriter, { items, length }: GrowingArray<Uint32Array>, width: number): void {
  for (let i = 0; i < length; i++) out.fixed(items[i]!, width);
}

function largest({ items, length }: GrowingArray<Uint32Array>): number {
  let most = 0;
  for (let i = 0; i < length; i++) if (items[i]! > most) most = items[i]!;
  return most;
}
