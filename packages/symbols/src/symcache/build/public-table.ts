import { MaydayError } from "@mayday/errors";
import { GrowingArray } from "../format/growing-array.ts";
import type { RecordTableWriter } from "../format/record-table-writer.ts";
import type { StringPool } from "./string-pool.ts";

/** More than any module has; each takes 16 bytes of memory. */
const MAX_PUBLICS = 12_000_000;

/** Symbols without a size. */
export class PublicTable {
  readonly #strings: StringPool;
  readonly #address = new GrowingArray(Float64Array);
  readonly #parameterSize = new GrowingArray(Uint32Array);
  readonly #name = new GrowingArray(Uint32Array);

  #ordered: Uint32Array | undefined;

  constructor(strings: StringPool) {
    this.#strings = strings;
  }

  /** @param name number of the string */
  add(address: number, parameterSize: number, name: number): void {
    if (this.#address.length >= MAX_PUBLICS) {
      throw new MaydayError("SYMBOLS_MALFORMED", "it has too many publics");
    }
    this.#address.push(address);
    this.#parameterSize.push(parameterSize);
    this.#name.push(name);
  }

  /**
   * Writes each public with its end: the next symbol cuts it off, a function for good (rust-minidump's rule: a public
   * counts only when no function begins between it and the address). One that begins where a function does is no
   * answer to anything and is left out, and of several at one address all but the last.
   * @param functions where functions begin, ascending
   */
  lay(table: RecordTableWriter, functions: Float64Array): void {
    const order = this.#order();
    const { items: address } = this.#address;
    let next = 0;
    for (const [i, index] of order.entries()) {
      const start = address[index]!;
      const following = order[i + 1];
      const nextPublic = following === undefined ? Number.POSITIVE_INFINITY : address[following]!;
      while (next < functions.length && functions[next]! < start) next++;
      const end = Math.min(nextPublic, functions[next] ?? Number.POSITIVE_INFINITY);
      if (end === start) continue;
      const record = table.begin(start, this.#name.items[index]!);
      record.f64(end);
      record.varint(this.#parameterSize.items[index]!);
    }
    table.end();
  }

  /** Writes, of those at one address with several names, the first of the text where {@link lay} kept another one. */
  layFirst(table: RecordTableWriter): void {
    const order = this.#order();
    const { items: address } = this.#address;
    const { items: name } = this.#name;
    for (let from = 0; from < order.length; ) {
      let to = from + 1;
      while (to < order.length && address[order[to]!] === address[order[from]!]) to++;
      const together = order.subarray(from, to);
      const first = together.reduce((a, b) => Math.min(a, b));
      const kept = order[to - 1]!;
      if (name[first] !== name[kept]) table.begin(address[first]!, name[first]!);
      from = to;
    }
    table.end();
  }

  /** By address, name and parameter size. */
  #order(): Uint32Array {
    this.#ordered ??= this.#sort();
    return this.#ordered;
  }

  #sort(): Uint32Array {
    const [address, name, parameterSize] = [this.#address.items, this.#name.items, this.#parameterSize.items];
    const compareNames = (a: number, b: number) =>
      a === b ? 0 : Buffer.compare(this.#strings.bytesOf(a), this.#strings.bytesOf(b));
    const order = Uint32Array.from({ length: this.#address.length }, (_, index) => index);
    return order.sort(
      (a, b) =>
        address[a]! - address[b]! ||
        compareNames(name[a]!, name[b]!) ||
        parameterSize[a]! - parameterSize[b]!,
    );
  }
}
