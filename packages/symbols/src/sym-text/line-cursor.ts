/**
 * Reads the fields of a symbol file's line from its bytes. Such a file has millions of lines: a string for each would
 * cost more than all the rest, and so would a search for its end. A field ends at what cannot belong to it, and every
 * line that is given to the cursor ends with a line feed, so that nothing has to be counted.
 */
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The largest number of digits of a 64-bit value in hex, and of a 32-bit one in decimal. */
const MAX_HEX_DIGITS = 16;
const MAX_DECIMAL_DIGITS = 10;

/** What a byte is: 0 to 15 for a hex digit, else one of these. */
const BLANK = 16;
const LINE_END = 17;
const OTHER = 18;

const KIND = new Uint8Array(256).fill(OTHER);
for (let digit = 0; digit < 16; digit++) {
  KIND[digit.toString(16).charCodeAt(0)] = digit;
  KIND[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
KIND[0x20] = BLANK;
KIND[0x09] = BLANK;
KIND[LINE_FEED] = LINE_END;
KIND[CARRIAGE_RETURN] = LINE_END;

/** What a numeric field gives that is missing or malformed. */
export const BAD = -1;

export class LineCursor {
  bytes: Uint8Array = new Uint8Array();
  /** Where the next field begins. */
  at = 0;
  /** Behind the last byte of the text that {@link rest} found. */
  end = 0;
  /** The line feed that was found last. */
  #lineEnd = -1;

  /** Takes other bytes. */
  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#lineEnd = -1;
  }

  /** Where the line's line feed stands: found once, and not searched where a record was read up to it. */
  lineEnd(): number {
    const { bytes, at } = this;
    if (this.#lineEnd < at) this.#lineEnd = lineFeedFrom(bytes, at);
    return this.#lineEnd;
  }

  /** Skips blanks. */
  skipBlanks(): void {
    const { bytes } = this;
    let at = this.at;
    while (KIND[bytes[at]!]! === BLANK) at++;
    this.at = at;
  }

  /** A hex field, exact up to 2^53; {@link BAD} otherwise. */
  hex(): number {
    const { bytes } = this;
    let at = this.at;
    while (KIND[bytes[at]!]! === BLANK) at++;
    const from = at;
    let value = 0;
    let digit = KIND[bytes[at]!]!;
    while (digit < 16) {
      value = value * 16 + digit;
      digit = KIND[bytes[++at]!]!;
    }
    this.at = at;
    const digits = at - from;
    return digits === 0 || digits > MAX_HEX_DIGITS || digit === OTHER || value > Number.MAX_SAFE_INTEGER
      ? BAD
      : value;
  }

  /** A hex field that fits 32 bits. */
  hex32(): number {
    const value = this.hex();
    return value > 0xffff_ffff ? BAD : value;
  }

  /** A decimal field that fits 32 bits. */
  decimal32(): number {
    const { bytes } = this;
    let at = this.at;
    while (KIND[bytes[at]!]! === BLANK) at++;
    const from = at;
    let value = 0;
    let digit = KIND[bytes[at]!]!;
    while (digit < 10) {
      value = value * 10 + digit;
      digit = KIND[bytes[++at]!]!;
    }
    this.at = at;
    const digits = at - from;
    const isNumber = digits > 0 && digits <= MAX_DECIMAL_DIGITS && (digit === BLANK || digit === LINE_END);
    return isNumber && value <= 0xffff_ffff ? value : BAD;
  }

  /** The first byte of the next field. */
  next(): number {
    this.skipBlanks();
    return this.bytes[this.at]!;
  }

  /** Takes `word` if it is the next field. */
  word(word: string): boolean {
    this.skipBlanks();
    const { bytes, at } = this;
    for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
    const after = KIND[bytes[at + word.length]!]!;
    if (after !== BLANK && after !== LINE_END) return false;
    this.at = at + word.length;
    return true;
  }

  /** Takes `STACK CFI ` as dumpers write it, quicker than {@link word} twice: of large files most lines begin so. */
  stackCfi(): boolean {
    const { bytes, at } = this;
    const is =
      bytes[at + 1] === 0x54 &&
      bytes[at + 2] === 0x41 &&
      bytes[at + 3] === 0x43 &&
      bytes[at + 4] === 0x4b &&
      bytes[at + 5] === 0x20 &&
      bytes[at + 6] === 0x43 &&
      bytes[at + 7] === 0x46 &&
      bytes[at + 8] === 0x49 &&
      bytes[at + 9] === 0x20;
    if (is) this.at = at + 10;
    return is;
  }

  /** Whether nothing is left of the line but blanks. */
  isAtEnd(): boolean {
    this.skipBlanks();
    const { bytes } = this;
    let at = this.at;
    while (bytes[at] === CARRIAGE_RETURN) at++;
    return bytes[at] === LINE_FEED;
  }

  /** Finds the rest of the line, without the blanks before it: `bytes` from `at` up to `end`. */
  rest(): this {
    this.skipBlanks();
    const { bytes, at } = this;
    let end = this.lineEnd();
    while (end > at && bytes[end - 1] === CARRIAGE_RETURN) end--;
    this.end = end;
    return this;
  }

  /** The rest of the line as a string. */
  restText(): string {
    this.rest();
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at, this.end - this.at).toString(
      "utf8",
    );
  }
}

/** Lines are mostly short: a call for a search would cost more than looking. */
const LOOKED_AT_BYTES = 64;

function lineFeedFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  for (const end = from + LOOKED_AT_BYTES; at < end; at++) if (bytes[at] === LINE_FEED) return at;
  return bytes.indexOf(LINE_FEED, at);
}

/** Whether a line that begins with this byte can be a line record. */
export function isHexDigit(byte: number): boolean {
  return KIND[byte]! < 16;
}
