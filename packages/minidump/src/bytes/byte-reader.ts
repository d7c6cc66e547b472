/** Told which bytes of a file were read, so that all others can be left out of a copy. */
export type OnRead = (at: number, length: number) => void;

/**
 * Bounded reads from bytes in one byte order.
 *
 * The way to use it: take a record with `range`, which answers undefined when the bytes are not all there,
 * then read its fields at fixed offsets. A field outside its record is a mistake of the caller, not of the
 * input, and throws RangeError.
 */
export class ByteReader {
  readonly byteOrder: "little" | "big";
  /** Not to be handed out: what is read is to be told. */
  protected readonly all: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, byteOrder: "little" | "big") {
    this.all = bytes;
    this.byteOrder = byteOrder;
    this.#little = byteOrder === "little";
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes readable. */
  get length(): number {
    return this.all.length;
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

  /** The bytes from `at` up to `end`, as a view. */
  bytes(at = 0, end: number = this.length): Uint8Array {
    return this.all.subarray(at, end);
  }

  /** Where the first byte of that value is, from `at` on; -1 for nowhere. */
  indexOf(value: number, at: number): number {
    return this.all.indexOf(value, at);
  }

  /** The crashed process's memory from `at` on: a view that does not count as read. */
  memory(at: number, length: number): Uint8Array {
    return this.all.subarray(at, at + length);
  }

  /** As {@link range}, to guess what the bytes are: they do not count as read. */
  peek(at: number, length: number): ByteReader | undefined {
    if (at < 0 || length < 0 || at + length > this.length) return undefined;
    return new ByteReader(this.all.subarray(at, at + length), this.byteOrder);
  }

  /** A reader of `length` bytes from `at` on, without copying; undefined when they are not all there. */
  range(at: number, length: number): ByteReader | undefined {
    if (at < 0 || length < 0 || at + length > this.length) return undefined;
    return this.part(at, length);
  }

  protected part(at: number, length: number): ByteReader {
    return new ByteReader(this.all.subarray(at, at + length), this.byteOrder);
  }
}

/** A reader that tells what is read of it. */
export class RecordingReader extends ByteReader {
  readonly #onRead: OnRead;
  readonly #offset: number;

  /** @param offset of the bytes in the file */
  constructor(bytes: Uint8Array, byteOrder: "little" | "big", onRead: OnRead, offset = 0) {
    super(bytes, byteOrder);
    this.#onRead = onRead;
    this.#offset = offset;
  }

  override u8(at: number): number {
    this.#onRead(this.#offset + at, 1);
    return super.u8(at);
  }

  override u16(at: number): number {
    this.#onRead(this.#offset + at, 2);
    return super.u16(at);
  }

  override u32(at: number): number {
    this.#onRead(this.#offset + at, 4);
    return super.u32(at);
  }

  override u64(at: number): bigint {
    this.#onRead(this.#offset + at, 8);
    return super.u64(at);
  }

  override bytes(at = 0, end: number = this.length): Uint8Array {
    this.#onRead(this.#offset + at, end - at);
    return super.bytes(at, end);
  }

  protected override part(at: number, length: number): ByteReader {
    const bytes = this.all.subarray(at, at + length);
    return new RecordingReader(bytes, this.byteOrder, this.#onRead, this.#offset + at);
  }
}
