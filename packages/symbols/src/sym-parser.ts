import { hexDigit, LineCursor } from "./byte-text.ts";
import type { InlineRange, SymReadReport, SymSink } from "./sym-sink.ts";

/** A longer line is no record of any dumper; names reach 160 KB. */
const MAX_LINE_BYTES = 1024 * 1024;
const MAX_SAMPLES = 5;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads Breakpad's symbol file text (records: Breakpad's docs/symbol_files.md, and the inline records as Mozilla's
 * dump_syms writes them) piece by piece. Bad lines are counted and left out. CRLF and a missing last newline are fine.
 */
export class SymParser {
  readonly #sink: SymSink;
  readonly #line = new LineCursor();
  #carried: Uint8Array = new Uint8Array();
  #skipping = false;
  #lines = 0;
  #badLines = 0;
  /** Whether line and inline records have a function to belong to, and call-frame changes a range. */
  #inFunction = false;
  #inCfiRange = false;
  #samples: string[] = [];

  constructor(sink: SymSink) {
    this.#sink = sink;
  }

  write(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.#carried.length > 0) {
      bytes = Buffer.concat([this.#carried, chunk]);
      this.#carried = new Uint8Array();
    }
    let from = 0;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, from);
      if (newline < 0) break;
      if (this.#skipping) this.#skipping = false;
      else this.#readLine(bytes, from, newline);
      from = newline + 1;
    }
    this.#carry(bytes.subarray(from));
  }

  end(): SymReadReport {
    if (this.#carried.length > 0) this.#readLine(this.#carried, 0, this.#carried.length);
    this.#carried = new Uint8Array();
    return { lines: this.#lines, badLines: this.#badLines, samples: this.#samples };
  }

  #carry(rest: Uint8Array): void {
    if (this.#skipping) return;
    if (rest.length <= MAX_LINE_BYTES) {
      // A copy: the chunk may be written over, and would be kept whole for the sake of its last line.
      this.#carried = Uint8Array.from(rest);
      return;
    }
    this.#lines++;
    this.#reject(rest, 0, rest.length);
    this.#skipping = true;
  }

  #readLine(bytes: Uint8Array, from: number, to: number): void {
    this.#lines++;
    if (to - from > MAX_LINE_BYTES) {
      this.#reject(bytes, from, to);
      return;
    }
    let end = to;
    while (end > from && bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end === from) return;
    this.#line.start(bytes, from, end);
    if (!this.#readRecord(bytes[from] as number) || this.#line.bad) this.#reject(bytes, from, end);
  }

  #reject(bytes: Uint8Array, from: number, end: number): void {
    this.#badLines++;
    if (this.#samples.length === MAX_SAMPLES) return;
    const text = Buffer.from(bytes.subarray(from, Math.min(end, from + 80))).toString("latin1");
    this.#samples.push(`line ${this.#lines}: ${text}`);
  }

  /** Reads one record by its first byte; false when it is none. */
  #readRecord(first: number): boolean {
    // Line records are by far the most frequent; only `FUNC` and `FILE` begin with a hex digit too.
    if (first !== 0x46 && hexDigit(first) >= 0) return this.#readSourceLine();
    const line = this.#line;
    switch (first) {
      case 0x46: // F
        if (line.word("FUNC")) return this.#readFunc();
        if (line.word("FILE")) return this.#readNamed((id) => this.#sink.file(id, line));
        return this.#readSourceLine();
      case 0x53: // S
        return line.word("STACK") && this.#readStack();
      case 0x50: // P
        return line.word("PUBLIC") && this.#readPublic();
      case 0x49: // I
        if (line.word("INLINE")) return this.#readInline();
        if (line.word("INLINE_ORIGIN")) return this.#readNamed((id) => this.#sink.inlineOrigin(id, line));
        return line.word("INFO") && this.#readInfo();
      case 0x4d: // M
        return line.word("MODULE") && this.#readModule();
      default:
        return false;
    }
  }

  #readModule(): boolean {
    const fields = /^(\S+)[ \t]+(\S+)[ \t]+([0-9A-Fa-f]{1,64})(?:[ \t]+(.*))?$/s.exec(this.#line.restText());
    if (fields === null) return false;
    const [, os = "", cpu = "", debugId = "", debugFile = ""] = fields;
    this.#sink.module({ os, cpu, debugId, debugFile });
    return true;
  }

  #readInfo(): boolean {
    if (this.#line.word("CODE_ID")) {
      const [, codeId = "", codeFile = ""] = /^(\S*)[ \t]*(.*)$/s.exec(this.#line.restText()) ?? [];
      this.#sink.codeId(codeId, codeFile);
    }
    return true;
  }

  #readNamed(keep: (id: number) => void): boolean {
    const id = this.#line.decimal32();
    this.#line.more();
    if (!this.#line.bad) keep(id);
    return true;
  }

  #readFunc(): boolean {
    const line = this.#line;
    line.word("m");
    const address = line.hex();
    const size = line.hex32();
    const parameterSize = line.hex32();
    // Dumpers write functions whose name they do not know, and their lines are good.
    line.more();
    this.#inFunction = !line.bad;
    if (!line.bad) this.#sink.func(address, size, parameterSize, line);
    return true;
  }

  #readPublic(): boolean {
    const line = this.#line;
    line.word("m");
    const address = line.hex();
    const parameterSize = line.hex32();
    line.more();
    this.#inFunction = false;
    if (!line.bad) this.#sink.publicSymbol(address, parameterSize, line);
    return true;
  }

  #readSourceLine(): boolean {
    const line = this.#line;
    const address = line.hex();
    const size = line.hex32();
    const number = line.decimal32();
    const file = line.decimal32();
    if (!this.#inFunction || line.more()) return false;
    if (!line.bad) this.#sink.line(address, size, number, file);
    return true;
  }

  #readInline(): boolean {
    const line = this.#line;
    const depth = line.decimal32();
    const callLine = line.decimal32();
    const callFile = line.decimal32();
    const origin = line.decimal32();
    if (!this.#inFunction || line.bad) return false;
    const ranges: InlineRange[] = [];
    do {
      const address = line.hex();
      const size = line.hex32();
      ranges.push({ depth, callLine, callFile, origin, address, size });
    } while (!line.bad && line.more());
    if (line.bad) return false;
    for (const range of ranges) this.#sink.inline(range);
    return true;
  }

  #readStack(): boolean {
    this.#inFunction = false;
    // STACK WIN describes 32-bit Windows frames, which this reader does not unwind.
    if (this.#line.word("WIN")) return true;
    return this.#line.word("CFI") && this.#readCfi();
  }

  #readCfi(): boolean {
    const line = this.#line;
    const isInit = line.word("INIT");
    const address = line.hex();
    const size = isInit ? line.hex32() : 0;
    line.more();
    // Without its range a change would fall upon the range before.
    if (isInit) this.#inCfiRange = !line.bad;
    if (line.bad || !this.#inCfiRange) return false;
    if (isInit) this.#sink.cfiInit(address, size, line);
    else this.#sink.cfiDelta(address, line);
    return true;
  }
}
