import { BAD, isHexDigit, LineCursor } from "./line-cursor.ts";
import type { SymReadReport, SymSink } from "./sym-sink.ts";

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
  readonly #cursor = new LineCursor();
  /** The beginning of a line whose end has not come yet. */
  #carried: Uint8Array = new Uint8Array();
  /** In a line that is too long, until its end. */
  #skipping = false;
  /** Bytes of the text before the piece that is being read, and before the bytes that its lines are read from. */
  #offset = 0;
  #base = 0;
  #lineAt = 0;
  #lines = 0;
  #badLines = 0;
  /** Whether line and inline records have a function to belong to, and call-frame changes a range. */
  #inFunction = false;
  #inCfiRange = false;
  /** Addresses and sizes of the INLINE record that is being read. */
  readonly #inlineRanges: number[] = [];
  #samples: string[] = [];

  constructor(sink: SymSink) {
    this.#sink = sink;
  }

  /** Where in the text the line begins whose record the sink is being given, bytes. */
  get position(): number {
    return this.#base + this.#lineAt;
  }

  write(chunk: Uint8Array): void {
    // In a piece of that size no line is too long, so that only carried ones have to be measured.
    for (let at = 0; at < chunk.length; at += MAX_LINE_BYTES) {
      const piece = chunk.subarray(at, at + MAX_LINE_BYTES);
      this.#writePiece(piece);
      this.#offset += piece.length;
    }
  }

  #writePiece(chunk: Uint8Array): void {
    const first = chunk.indexOf(NEWLINE);
    if (first < 0) {
      this.#carry(chunk);
      return;
    }
    this.#endCarried(chunk.subarray(0, first + 1));
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    this.#base = this.#offset;
    this.#readLines(chunk, first + 1, end);
    this.#carry(chunk.subarray(end));
  }

  end(): SymReadReport {
    if (this.#carried.length > 0 || this.#skipping) this.#endCarried(Uint8Array.of(NEWLINE));
    return { lines: this.#lines, badLines: this.#badLines, samples: this.#samples };
  }

  #carry(rest: Uint8Array): void {
    if (this.#skipping || rest.length === 0) return;
    // A copy: the chunk may be written over, and would be kept whole for the sake of its last line.
    this.#carried = Buffer.concat([this.#carried, rest]);
    if (this.#carried.length <= MAX_LINE_BYTES) return;
    this.#rejectTooLong(this.#carried);
    this.#carried = new Uint8Array();
    this.#skipping = true;
  }

  #rejectTooLong(line: Uint8Array): void {
    this.#lines++;
    this.#reject(line, 0, line.length);
  }

  /** Reads the line that began in earlier chunks and ends with this one. */
  #endCarried(ending: Uint8Array): void {
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    const line = this.#carried.length === 0 ? ending : Buffer.concat([this.#carried, ending]);
    this.#base = this.#offset - this.#carried.length;
    this.#carried = new Uint8Array();
    if (line.length - 1 > MAX_LINE_BYTES) this.#rejectTooLong(line.subarray(0, -1));
    else this.#readLines(line, 0, line.length);
  }

  /** Reads whole lines: `bytes` from `from` up to `end`, which lies behind a newline. */
  #readLines(bytes: Uint8Array, from: number, end: number): void {
    const cursor = this.#cursor;
    cursor.start(bytes);
    let at = from;
    while (at < end) {
      cursor.at = at;
      this.#lineAt = at;
      this.#lines++;
      const isGood = this.#readRecord(bytes[at]!);
      const lineEnd = cursor.lineEnd();
      if (!isGood) this.#notGood(bytes, at, lineEnd);
      at = lineEnd + 1;
    }
  }

  /** What is no record may be an empty line. */
  #notGood(bytes: Uint8Array, from: number, to: number): void {
    let end = to;
    while (end > from && bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end > from) this.#reject(bytes, from, end);
  }

  #reject(bytes: Uint8Array, from: number, end: number): void {
    this.#badLines++;
    if (this.#samples.length === MAX_SAMPLES) return;
    const text = Buffer.from(bytes.subarray(from, Math.min(end, from + 80))).toString("latin1");
    this.#samples.push(`line ${this.#lines}: ${text}`);
  }

  /** Reads one record by its first byte; false when it is none. */
  #readRecord(first: number): boolean {
    const cursor = this.#cursor;
    switch (first) {
      case 0x53: // S
        if (cursor.stackCfi()) return this.#readCfi();
        return cursor.word("STACK") && this.#readStack();
      case 0x46: // F begins a hex number, too.
        if (cursor.word("FUNC")) return this.#readFunc();
        if (cursor.word("FILE")) return this.#readFile();
        return this.#readSourceLine();
      case 0x49: // I
        if (cursor.word("INLINE")) return this.#readInline();
        if (cursor.word("INLINE_ORIGIN")) return this.#readOrigin();
        return cursor.word("INFO") && this.#readInfo();
      case 0x50: // P
        return cursor.word("PUBLIC") && this.#readPublic();
      case 0x4d: // M
        return cursor.word("MODULE") && this.#readModule();
      default:
        return isHexDigit(first) && this.#readSourceLine();
    }
  }

  #readModule(): boolean {
    const fields = /^(\S+)[ \t]+(\S+)[ \t]+([0-9A-Fa-f]{1,64})(?:[ \t]+(.*))?$/s.exec(
      this.#cursor.restText(),
    );
    if (fields === null) return false;
    const [, os = "", cpu = "", debugId = "", debugFile = ""] = fields;
    this.#sink.module({ os, cpu, debugId, debugFile });
    return true;
  }

  #readInfo(): boolean {
    if (this.#cursor.word("CODE_ID")) {
      const [, codeId = "", codeFile = ""] = /^(\S*)[ \t]*(.*)$/s.exec(this.#cursor.restText()) ?? [];
      this.#sink.codeId(codeId, codeFile);
    } else if (this.#cursor.word("URL")) this.#sink.url(this.#cursor.restText());
    return true;
  }

  #readFile(): boolean {
    const id = this.#cursor.decimal32();
    if (id === BAD) return false;
    this.#sink.file(id, this.#cursor.rest());
    return true;
  }

  #readOrigin(): boolean {
    const id = this.#cursor.decimal32();
    if (id === BAD) return false;
    this.#sink.inlineOrigin(id, this.#cursor.rest());
    return true;
  }

  #readFunc(): boolean {
    const cursor = this.#cursor;
    this.#inFunction = false;
    cursor.word("m");
    const address = cursor.hex();
    const size = cursor.hex32();
    const parameterSize = cursor.hex32();
    if (address === BAD || size === BAD || parameterSize === BAD) return false;
    this.#inFunction = true;
    // Dumpers write functions whose name they do not know, and their lines are good.
    this.#sink.func(address, size, parameterSize, cursor.rest());
    return true;
  }

  #readPublic(): boolean {
    const cursor = this.#cursor;
    this.#inFunction = false;
    cursor.word("m");
    const address = cursor.hex();
    const parameterSize = cursor.hex32();
    if (address === BAD || parameterSize === BAD) return false;
    this.#sink.publicSymbol(address, parameterSize, cursor.rest());
    return true;
  }

  #readSourceLine(): boolean {
    const cursor = this.#cursor;
    const address = cursor.hex();
    const size = cursor.hex32();
    const number = cursor.decimal32();
    const file = cursor.decimal32();
    const isBad = address === BAD || size === BAD || number === BAD || file === BAD;
    if (isBad || !this.#inFunction || !cursor.isAtEnd()) return false;
    this.#sink.line(address, size, number, file);
    return true;
  }

  #readInline(): boolean {
    const cursor = this.#cursor;
    const depth = cursor.decimal32();
    const callLine = cursor.decimal32();
    const callFile = cursor.decimal32();
    const origin = cursor.decimal32();
    const isBad = depth === BAD || callLine === BAD || callFile === BAD || origin === BAD;
    if (isBad || !this.#inFunction || !this.#readInlineRanges()) return false;
    const ranges = this.#inlineRanges;
    for (let i = 0; i < ranges.length; i += 2) {
      this.#sink.inline(depth, callLine, callFile, origin, ranges[i]!, ranges[i + 1]!);
    }
    return true;
  }

  /** One or more pairs of address and size, all of which must be right. */
  #readInlineRanges(): boolean {
    const cursor = this.#cursor;
    const ranges = this.#inlineRanges;
    ranges.length = 0;
    do {
      const address = cursor.hex();
      const size = cursor.hex32();
      if (address === BAD || size === BAD) return false;
      ranges.push(address, size);
    } while (!cursor.isAtEnd());
    return true;
  }

  #readStack(): boolean {
    if (this.#cursor.word("CFI")) return this.#readCfi();
    this.#inFunction = false;
    return this.#cursor.word("WIN") && this.#readWin();
  }

  #readCfi(): boolean {
    this.#inFunction = false;
    const cursor = this.#cursor;
    // Most are changes, and no hex number begins with an I.
    if (cursor.next() === 0x49 && cursor.word("INIT")) return this.#readCfiInit();
    const address = cursor.hex();
    // Without its range a change would fall upon the range before.
    if (address === BAD || !this.#inCfiRange) return false;
    this.#sink.cfiDelta(address, cursor.rest());
    return true;
  }

  #readCfiInit(): boolean {
    const cursor = this.#cursor;
    const address = cursor.hex();
    const size = cursor.hex32();
    this.#inCfiRange = address !== BAD && size !== BAD;
    if (!this.#inCfiRange) return false;
    this.#sink.cfiInit(address, size, cursor.rest());
    return true;
  }

  /** STACK WIN: of its types, readers use 4 (frame data, with a program) and 0 (frame pointer omitted). */
  #readWin(): boolean {
    const cursor = this.#cursor;
    const type = cursor.hex();
    const address = cursor.hex();
    const size = cursor.hex32();
    const sizes = {
      prologue: cursor.hex32(),
      epilogue: cursor.hex32(),
      parameters: cursor.hex32(),
      savedRegisters: cursor.hex32(),
      locals: cursor.hex32(),
      maxStack: cursor.hex32(),
    };
    const hasProgram = cursor.hex();
    const isBad = [type, address, size, hasProgram, ...Object.values(sizes)].includes(BAD);
    // A type that is at odds with what follows is nobody's record (rust-minidump drops it, too).
    if (isBad || type > 0xf || (type === 4) !== (hasProgram === 1)) return false;
    if (type === 4) this.#sink.frameData(address, size, sizes, cursor.rest());
    else if (type === 0) this.#sink.fpo(address, size, sizes, cursor.hex() === 1);
    return true;
  }
}
