import type { BlockReader, Table } from "./block-reader.ts";
import { ByteReader } from "./byte-reader.ts";
import { lastUpTo, takeColumn, valueAt } from "./fixed-column.ts";
import { CHECKSUM_BYTES } from "./symcache-format.ts";

/** The row that holds at an address. */
export interface CfiRow {
  /** Module offset at which it begins. */
  readonly start: number;
  readonly ruleSet: number;
  /** Whether a STACK CFI INIT range begins with it. */
  readonly beginsRange: boolean;
}

/** Finds call-frame rows; {@link CfiRowWriter} says how they lie. */
export class CfiRowReader {
  readonly #blocks: BlockReader;
  readonly #table: Table;
  readonly #bytes = new ByteReader();

  constructor(blocks: BlockReader) {
    this.#blocks = blocks;
    this.#table = blocks.table("cfiRows");
  }

  at(offset: number): CfiRow | undefined {
    const found = this.#blocks.find(this.#table, offset);
    if (found === undefined) return undefined;
    const { bytes, at, end } = found.block;
    const reader = this.#bytes.start(bytes, at, end - CHECKSUM_BYTES);
    const count = reader.u16();
    const startWidth = reader.u8();
    const codeWidth = reader.u8();
    const starts = takeColumn(reader, count, startWidth);
    const codes = takeColumn(reader, count, codeWidth);
    const row = lastUpTo(starts, 0, count, offset - found.key);
    if (row < 0) return undefined;
    const code = valueAt(codes, row);
    return {
      start: found.key + valueAt(starts, row),
      ruleSet: listed(reader, code >>> 1),
      beginsRange: (code & 1) === 1,
    };
  }
}

/** The number at a place of the block's list. */
function listed(reader: ByteReader, place: number): number {
  const length = reader.varint();
  for (let i = 0; i < place && i < length; i++) reader.varint();
  return reader.varint();
}
