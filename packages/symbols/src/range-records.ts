import { MaydayError } from "@mayday/crash";
import { ByteWriter } from "./byte-writer.ts";
import { GrowingArray } from "./growing-array.ts";
import type { RecordTableWriter } from "./record-table-writer.ts";
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
    const body = new ByteWriter();
    for (const range of kept.view()) {
      const length = this.#bodyLength.items[range]!;
      body.skip(length);
      this.#bodies.read(bodyAt[range]!, length, body.bytes);
      const record = table.begin(this.#address.items[range]!, this.#string.items[range]!);
      record.varint(this.#size.items[range]!);
      record.append(body.bytes, 0, length);
      body.clear();
    }
    table.end();
    return Float64Array.from(kept.view(), (range) => this.#address.items[range]!);
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
