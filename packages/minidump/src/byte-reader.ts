/**
 * Bounded reads from bytes in one byte order.
 *
 * The way to use it: take a record with `range`, which answers undefined when the bytes are not all there,
 * then read its fields at fixed offsets. A field outside its record is a mistake of the caller, not of the
 * input, and throws RangeError.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly byteOrder: "little" | "big";
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, byteOrder: "little" | "big") {
    this.bytes = bytes;
    this.byteOrder = byteOrder;
    this.#little = byteOrder === "little";
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes readable. */
  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#little);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#little);
  }

  u64(at: number): bigint {
    return this.#view.getBigUint64(at, this.#little);
  }

  /** A reader of `length` bytes from `at` on, without copying; undefined when they are not all there. */
  range(at: number, length: number): ByteReader | undefined {
    if (at < 0 || length < 0 || at + length > this.bytes.length) return undefined;
    return new ByteReader(this.bytes.subarray(at, at + length), this.byteOrder);
  }
}
