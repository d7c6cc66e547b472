import type { FrameSizes } from "../../sym-text/sym-sink.ts";
import { ByteWriter } from "../format/byte-writer.ts";
import type { RecordTableWriter } from "../format/record-table-writer.ts";
import { RangeRecords } from "./range-records.ts";

/**
 * STACK WIN records of one type. A record's bytes hold, behind its size, the frame sizes as varints in the order of
 * {@link FrameSizes}, then u8 whether the function uses ebp for itself.
 */
export class FrameTable {
  readonly #records: RangeRecords;
  readonly #body = new ByteWriter(64);

  constructor(folder?: string) {
    this.#records = new RangeRecords(folder);
  }

  /**
   * Takes a record. One that begins inside the one before it cuts that off: dumpers give each range of a function its
   * begin, but the end of the function. Any other that meets the one before it is dropped (rust-minidump's rule).
   * @param program number of the string, or NO_STRING
   */
  add(
    address: number,
    size: number,
    sizes: FrameSizes,
    program: number,
    allocatesBasePointer: boolean,
  ): void {
    if (size === 0) return;
    const last = this.#records.last();
    if (last !== undefined && address < last.address + last.size && last.address < address + size) {
      const isSame = last.address === address && last.size === size;
      if (address > last.address) this.#records.cutLast(address - last.address);
      else if (!isSame) return;
    }
    const body = this.#body;
    body.clear();
    body.varint(sizes.prologue);
    body.varint(sizes.epilogue);
    body.varint(sizes.parameters);
    body.varint(sizes.savedRegisters);
    body.varint(sizes.locals);
    body.varint(sizes.maxStack);
    body.u8(allocatesBasePointer ? 1 : 0);
    this.#records.add(address, size, program, body);
  }

  lay(table: RecordTableWriter): void {
    this.#records.lay(table);
  }

  close(): void {
    this.#records.close();
  }
}
