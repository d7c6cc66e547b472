import { MaydayError } from "@mayday/errors";
import { ByteWriter } from "../format/byte-writer.ts";
import { GrowingArray } from "../format/growing-array.ts";
import type { RecordTableWriter } from "../format/record-table-writer.ts";
import { keepSortedRanges } from "./sorted-ranges.ts";
import { SpillingFile } from "./spilling-file.ts";

/** More ranges than any module has; each takes 20 bytes of memory. */
const MAX_RANGES = 12_000_000;

/**
 * Ranges of a module, each with a string and some bytes, as they stand in the file; laid out sorted and without those
 * that overlap. The bytes may go to disk meanwhile.
 */
export class RangeRecords {
  readonly #address = new GrowingArray(Float64Array);
  readonly #size = new GrowingArray(Uint32Array);
  readonly #string = new GrowingArray(Uint32Array);
  readonly #bodyLength = new GrowingArray(Uint32Array);
  readonly #bodies: SpillingFile;
  readonly #body = new ByteWriter();
  /** What was laid out. */
  #kept: Uint32Array = new Uint32Array();

  constructor(folder?: string) {
    this.#bodies = new SpillingFile(folder);
  }

  get count(): number {
    return this.#address.length;
  }

  /** @throws {MaydayError} SYMBOLS_MALFORMED when there are too many */
  add(address: number, size: number, string: number, body: ByteWriter): void {
    if (this.count >= MAX_RANGES) throw new MaydayError("SYMBOLS_MALFORMED", "it has too many functions");
    this.#address.push(address);
    this.#size.push(size);
    this.#string.push(string);
    this.#bodyLength.push(body.length);
    this.#bodies.append(body.bytes, 0, body.length);
  }

  /** The last range: where it begins and its size. Undefined when there is none. */
  last(): { address: number; size: number } | undefined {
    const last = this.count - 1;
    if (last < 0) return undefined;
    return { address: this.#address.items[last]!, size: this.#size.items[last]! };
  }

  cutLast(size: number): void {
    this.#size.items[this.count - 1] = size;
  }

  /**
   * Writes each range that is kept: its size as a varint, then its bytes.
   * @returns where the kept ones begin, ascending
   */
  lay(table: RecordTableWriter): Float64Array {
    const kept = new GrowingArray(Uint32Array);
    keepSortedRanges(kept, {
      starts: this.#address.items,
      sizes: this.#size.items,
      length: this.count,
    });
    const bodyAt = this.#bodyPlaces();
    for (const range of kept.view()) this.#write(range, bodyAt[range]!, this.#begin(table, range));
    table.end();
    this.#kept = kept.view();
    return Float64Array.from(kept.view(), (range) => this.#address.items[range]!);
  }

  /**
   * Writes those that {@link lay} did not keep, of several that begin together the last: u8 whether it stands behind the
   * kept one that begins last before it or with it, then as there.
   */
  layOthers(table: RecordTableWriter): void {
    const others = this.#others();
    const bodyAt = others.length === 0 ? new Float64Array() : this.#bodyPlaces();
    let next = 0;
    for (const [i, range] of others.entries()) {
      const start = this.#address.items[range]!;
      const following = others[i + 1];
      if (following !== undefined && this.#address.items[following] === start) continue;
      while (next < this.#kept.length && this.#address.items[this.#kept[next]!]! <= start) next++;
      const record = this.#begin(table, range);
      record.u8(next > 0 && range > this.#kept[next - 1]! ? 1 : 0);
      this.#write(range, bodyAt[range]!, record);
    }
    table.end();
  }

  /** By where they begin, then by their order in the text. */
  #others(): number[] {
    if (this.#kept.length === this.count) return [];
    const isKept = new Uint8Array(this.count);
    for (const range of this.#kept) isKept[range] = 1;
    const others: number[] = [];
    for (let range = 0; range < this.count; range++) if (isKept[range] === 0) others.push(range);
    return others.sort((a, b) => this.#address.items[a]! - this.#address.items[b]! || a - b);
  }

  #begin(table: RecordTableWriter, range: number): ByteWriter {
    return table.begin(this.#address.items[range]!, this.#string.items[range]!);
  }

  #write(range: number, bodyAt: number, record: ByteWriter): void {
    const length = this.#bodyLength.items[range]!;
    const body = this.#body;
    body.clear();
    body.skip(length);
    this.#bodies.read(bodyAt, length, body.bytes);
    record.varint(this.#size.items[range]!);
    record.append(body.bytes, 0, length);
  }

  close(): void {
    this.#bodies.close();
  }

  #bodyPlaces(): Float64Array {
    const places = new Float64Array(this.count);
    let at = 0;
    for (let range = 0; range < places.length; range++) {
      places[range] = at;
      at += this.#bodyLength.items[range]!;
    }
    return places;
  }
}
