import type { SymcacheBytes } from "../symcache/read/symcache-bytes.ts";
import type { SymParser } from "./sym-parser.ts";

/** A stretch of the text: bytes from `from` up to `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const READ_BYTES = 64 * 1024;

/** Lines of names are mostly shorter. */
const LINE_BYTES = 512;

/** What a stretch counts at least, bytes: reading a few is work, too. */
const LEAST_BYTES = 4096;

const NEWLINE = Buffer.from("\n");

/** Gives stretches of a symbol file's text to parsers. */
export class TextReader {
  readonly length: number;
  /** How many bytes were read so far. */
  taken = 0;
  readonly #text: SymcacheBytes;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);

  constructor(text: SymcacheBytes) {
    this.length = text.length;
    this.#text = text;
  }

  /** Gives whole lines. Throws when the text cannot be read any more. */
  read({ from, to }: Stretch, parser: SymParser): void {
    this.taken += Math.max(LEAST_BYTES, to - from);
    for (let at = from; at < to; at += READ_BYTES)
      parser.write(this.#bytes(at, Math.min(to, at + READ_BYTES)));
    // The last line of the text may lack it.
    parser.write(NEWLINE);
  }

  /** Reads the line that begins at a position; without one, nothing. */
  readLine(position: number | undefined, parser: SymParser): void {
    let end = position === undefined ? 0 : -1;
    for (let at = position ?? 0; end < 0 && at < this.length; at += LINE_BYTES) {
      const bytes = this.#bytes(at, Math.min(this.length, at + LINE_BYTES));
      end = bytes.indexOf(NEWLINE);
      parser.write(end < 0 ? bytes : bytes.subarray(0, end));
      this.taken += bytes.length;
    }
    parser.write(NEWLINE);
  }

  #bytes(from: number, to: number): Buffer {
    const bytes = this.#buffer.subarray(0, to - from);
    this.#text.read(from, bytes.length, bytes);
    return bytes;
  }
}
