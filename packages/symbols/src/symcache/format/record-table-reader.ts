import { MaydayError } from "@mayday/errors";
import type { BlockReader, Table } from "./block-reader.ts";
import { ByteReader } from "./byte-reader.ts";
import { CHECKSUM_BYTES, type TableName } from "./symcache-format.ts";

/** A record of a table. */
export interface FoundRecord {
  readonly key: number;
  /** Place of its string in the file; 0 for none. */
  readonly string: number;
  /** At the record's bytes. They stand until another block is read. */
  readonly bytes: ByteReader;
}

/** Finds the records of a table by their keys; {@link RecordTableWriter} says how they lie. */
export class RecordTableReader {
  readonly #blocks: BlockReader;
  readonly #table: Table;
  readonly #bytes = new ByteReader();

  constructor(blocks: BlockReader, name: TableName) {
    this.#blocks = blocks;
    this.#table = blocks.table(name);
  }

  /** The last record whose key is at or before `key`. */
  atOrBefore(key: number): FoundRecord | undefined {
    if (this.#table.items === 0) return undefined;
    const found = this.#blocks.find(this.#table, key);
    if (found === undefined) return undefined;
    const { bytes, view, at, end } = found.block;
    const count = view.getUint32(at, true);
    if (count === 0 || count * 12 + 8 + CHECKSUM_BYTES > end - at) throw badBlock();
    const keys = at + 4;
    const index = lastKey(view, keys, count, key - found.key);
    if (index < 0) return undefined;
    const strings = keys + 4 * count;
    const records = strings + 4 * count + 4 * index;
    const from = view.getUint32(records, true);
    const to = view.getUint32(records + 4, true);
    if (from > to || to > end - at - CHECKSUM_BYTES) throw badBlock();
    return {
      key: found.key + view.getUint32(keys + 4 * index, true),
      string: view.getUint32(strings + 4 * index, true),
      bytes: this.#bytes.start(bytes, at + from, at + to),
    };
  }

  /** The record of exactly this key. */
  at(key: number): FoundRecord | undefined {
    const found = this.atOrBefore(key);
    return found?.key === key ? found : undefined;
  }
}

/** Index of the last of the keys, which are 32-bit numbers, that is at or before `relative`; -1 for none. */
function lastKey(view: DataView, keys: number, count: number, relative: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (view.getUint32(keys + 4 * middle, true) <= relative) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function badBlock(): MaydayError {
  return new MaydayError("SYMCACHE_CORRUPT", "a block contradicts itself");
}
