import type { StringPlaces } from "../build/string-places.ts";
import { NO_STRING } from "../build/string-pool.ts";
import type { BlockWriter } from "./block-writer.ts";
import { ByteWriter } from "./byte-writer.ts";
import { GrowingArray } from "./growing-array.ts";
import type { TableName } from "./symcache-format.ts";

/** A block is read at once: larger ones cost more to read, smaller ones more index. */
const BLOCK_BYTES = 2048;
const MAX_KEY_SPAN = 0xffff_ffff;

/**
 * Writes a table of records, each with a key, at most one string and some bytes. A block holds
 *
 *   u32 number of records N
 *   u32 N keys, relative to the block's
 *   u32 N places of strings in the file, 0 for none
 *   u32 N + 1 places of records in the block; each record ends where the next one begins
 *   the records
 *   the strings that were first used here: varint length, bytes
 *
 * so that a record and its string mostly come with one read, though strings are kept once.
 */
export class RecordTableWriter {
  readonly #table: TableName;
  readonly #blocks: BlockWriter;
  readonly #places: StringPlaces;
  readonly #keys = new GrowingArray(Float64Array, 64);
  readonly #strings = new GrowingArray(Uint32Array, 64);
  readonly #ends = new GrowingArray(Uint32Array, 64);
  readonly #records = new ByteWriter();
  readonly #content = new ByteWriter();
  #size = 0;

  constructor(table: TableName, blocks: BlockWriter, places: StringPlaces) {
    this.#table = table;
    this.#blocks = blocks;
    this.#places = places;
  }

  /**
   * Begins a record: its bytes are to be written to what is returned before the next call.
   * @param key not smaller than the one before
   * @param string its number in the pool, or NO_STRING
   */
  begin(key: number, string: number): ByteWriter {
    this.#endRecord();
    if (this.#size + this.#records.length >= BLOCK_BYTES || key - this.#keys.items[0]! > MAX_KEY_SPAN) {
      this.#endBlock();
    }
    this.#keys.push(key);
    this.#strings.push(string);
    this.#size += 12 + (string === NO_STRING ? 0 : this.#places.lengthIfNew(string));
    return this.#records;
  }

  end(): void {
    this.#endRecord();
    this.#endBlock();
  }

  #endRecord(): void {
    if (this.#keys.length > this.#ends.length) this.#ends.push(this.#records.length);
  }

  #endBlock(): void {
    const count = this.#keys.length;
    if (count === 0) return;
    const [base = 0] = this.#keys.items;
    const content = this.#content;
    content.clear();
    content.u32(count);
    for (let i = 0; i < count; i++) content.u32(this.#keys.items[i]! - base);
    const recordsAt = 4 + count * 12 + 4;
    const begin = this.#blocks.position;
    const added = this.#places.place(this.#strings.view(), begin + recordsAt + this.#records.length);
    for (let i = 0; i < count; i++) content.u32(this.#places.of(this.#strings.items[i]!));
    content.u32(recordsAt);
    for (let i = 0; i < count; i++) content.u32(recordsAt + this.#ends.items[i]!);
    content.append(this.#records.view());
    content.append(added);
    this.#blocks.add(this.#table, base, count, content.view());
    this.#records.clear();
    this.#size = 0;
    this.#keys.length = 0;
    this.#strings.length = 0;
    this.#ends.length = 0;
  }
}
