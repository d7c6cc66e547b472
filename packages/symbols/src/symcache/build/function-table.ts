import { ByteWriter, widthOf } from "../format/byte-writer.ts";
import type { RecordTableWriter } from "../format/record-table-writer.ts";
import { InlineRows } from "./inline-rows.ts";
import { LineRows } from "./line-rows.ts";
import { LocalFiles } from "./local-files.ts";
import type { NumberedNames } from "./numbered-names.ts";
import { RangeRecords } from "./range-records.ts";

/**
 * Functions with their lines and inlined ranges. Each is turned into the bytes of its record as soon as its last line
 * is read, so that memory holds one function's lines at a time. A record holds, behind the function's size,
 *
 *   varint parameter size
 *   varint number of line rows, varint number of inlining depths
 *   where there are any of these: files (see {@link LocalFiles}), rows (see {@link LineRows}), ranges ({@link InlineRows})
 */
export class FunctionTable {
  readonly #files: LocalFiles;
  readonly #lines = new LineRows();
  readonly #inlines: InlineRows;
  readonly #records: RangeRecords;
  readonly #body = new ByteWriter();
  #address = 0;
  /** 0: there is no function, or one that is left out; its lines go with it. */
  #size = 0;
  #parameterSize = 0;
  #name = 0;

  constructor(files: NumberedNames, origins: NumberedNames, folder?: string) {
    this.#files = new LocalFiles(files);
    this.#inlines = new InlineRows(origins);
    this.#records = new RangeRecords(folder);
  }

  addFunction(address: number, size: number, parameterSize: number, name: number): void {
    this.#endFunction();
    this.#address = address;
    this.#size = size;
    this.#parameterSize = parameterSize;
    this.#name = name;
  }

  addLine(address: number, size: number, line: number, file: number): void {
    if (this.#size > 0) this.#lines.add(address - this.#address, size, line, file);
  }

  addInline(
    depth: number,
    callLine: number,
    callFile: number,
    origin: number,
    address: number,
    size: number,
  ): void {
    if (this.#size > 0) {
      this.#inlines.add(depth, address - this.#address, size, callLine, callFile, origin);
    }
  }

  /** @returns where the kept functions begin, ascending */
  lay(table: RecordTableWriter): Float64Array {
    this.#endFunction();
    return this.#records.lay(table);
  }

  /** Writes the functions that were not kept. */
  layOverlapping(table: RecordTableWriter): void {
    this.#records.layOthers(table);
  }

  close(): void {
    this.#records.close();
  }

  #endFunction(): void {
    if (this.#size === 0) return;
    this.#files.clear();
    this.#lines.arrange(this.#size, this.#files);
    this.#inlines.arrange(this.#size, this.#files);
    this.#writeBody();
    this.#records.add(this.#address, this.#size, this.#name, this.#body);
    this.#lines.clear();
    this.#inlines.clear();
    this.#size = 0;
  }

  #writeBody(): void {
    const body = this.#body;
    body.clear();
    body.varint(this.#parameterSize);
    body.varint(this.#lines.count);
    body.varint(this.#inlines.depths);
    if (this.#lines.count + this.#inlines.depths === 0) return;
    this.#files.write(body);
    // Where all is in one file, no column says so.
    const fileWidth = this.#files.count === 1 && !this.#lines.hasGaps ? 0 : widthOf(this.#files.count);
    if (this.#lines.count > 0) this.#lines.write(body, fileWidth);
    if (this.#inlines.depths > 0) this.#inlines.write(body, fileWidth);
  }
}
