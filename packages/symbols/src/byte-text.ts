/**
 * Numbers and fields of a `.sym` line, read from its bytes: a symbol file has millions of lines, and a string for
 * each would cost more than all the rest. A cursor walks one line; `bad` tells that a field was not what it must be.
 */
const SPACE = 0x20;
const TAB = 0x09;

/** The largest number of digits of a 64-bit value in hex. */
const MAX_HEX_DIGITS = 16;

export class LineCursor {
  bytes: Uint8Array = new Uint8Array();
  at = 0;
  end = 0;
  /** Set once a field is missing or malformed; the line is then worthless. */
  bad = false;

  start(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.bad = false;
  }

  /** Skips blanks and tells whether anything is left. */
  more(): boolean {
    while (this.at < this.end && isBlank(this.bytes[this.at])) this.at++;
    return this.at < this.end;
  }

  /** A hex field, exact up to 2^53. */
  hex(): number {
    if (!this.more()) return this.fail();
    const from = this.at;
    let value = 0;
    for (; this.at < this.end; this.at++) {
      const digit = hexDigit(this.bytes[this.at] as number);
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    const digits = this.at - from;
    if (digits === 0 || digits > MAX_HEX_DIGITS || value > Number.MAX_SAFE_INTEGER || !this.atFieldEnd()) {
      return this.fail();
    }
    return value;
  }

  /** A hex field that fits 32 bits. */
  hex32(): number {
    const value = this.hex();
    return value > 0xffff_ffff ? this.fail() : value;
  }

  /** A decimal field that fits 32 bits. */
  decimal32(): number {
    if (!this.more()) return this.fail();
    const from = this.at;
    let value = 0;
    for (; this.at < this.end; this.at++) {
      const digit = (this.bytes[this.at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = this.at - from;
    if (digits === 0 || digits > 10 || value > 0xffff_ffff || !this.atFieldEnd()) return this.fail();
    return value;
  }

  /** Takes `word` if it is the next field. */
  word(word: string): boolean {
    if (!this.more() || this.at + word.length > this.end) return false;
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false;
    }
    const after = this.at + word.length;
    if (after < this.end && !isBlank(this.bytes[after])) return false;
    this.at = after;
    return true;
  }

  /** The rest of the line as a string, without the blanks before it. */
  restText(): string {
    this.more();
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at, this.end - this.at).toString(
      "utf8",
    );
  }

  private atFieldEnd(): boolean {
    return this.at === this.end || isBlank(this.bytes[this.at]);
  }

  private fail(): number {
    this.bad = true;
    return 0;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/** The value of a hex digit, -1 for anything else. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  return -1;
}
