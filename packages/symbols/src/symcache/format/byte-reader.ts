import { MaydayError } from "@mayday/errors";

interface NumberArray<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): A;
}

/**
 * Reads what {@link ByteWriter} wrote. What would lie behind the end is SYMCACHE_CORRUPT: a file's numbers are not to
 * be trusted, even where its checksums are right.
 */
export class ByteReader {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;

  start(bytes: Buffer, at = 0, end: number = bytes.length): this {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    return this;
  }

  u8(): number {
    this.#need(1);
    return this.bytes[this.at++]!;
  }

  u16(): number {
    this.#need(2);
    return this.bytes[this.at++]! | (this.bytes[this.at++]! << 8);
  }

  u32(): number {
    this.#need(4);
    this.at += 4;
    return fixedAt(this.bytes, this.at - 4, 4);
  }

  f64(): number {
    this.#need(8);
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  u64(): bigint {
    this.#need(8);
    this.at += 8;
    return this.bytes.readBigUInt64LE(this.at - 8);
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      if (scale > 2 ** 53) throw new MaydayError("SYMCACHE_CORRUPT", "a number is too long");
    }
  }

  take(length: number): Buffer {
    this.#need(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A copy of numbers that follow each other, as an array. */
  numbers<A extends Uint32Array | Float64Array>(make: NumberArray<A>, count: number): A {
    const bytes = this.take(count * make.BYTES_PER_ELEMENT);
    const numbers = new make(count);
    new Uint8Array(numbers.buffer).set(bytes);
    return numbers;
  }

  /** Passes over bytes and tells where they begin. */
  skip(length: number): number {
    this.#need(length);
    this.at += length;
    return this.at - length;
  }

  #need(count: number): void {
    if (count > this.end - this.at) throw new MaydayError("SYMCACHE_CORRUPT", "it points outside of itself");
  }
}

/** The number of `width` bytes, up to four, at a place. */
export function fixedAt(bytes: Uint8Array, at: number, width: number): number {
  switch (width) {
    case 0:
      return 0;
    case 1:
      return bytes[at]!;
    case 2:
      return bytes[at]! | (bytes[at + 1]! << 8);
    case 3:
      return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    default:
      return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }
}
