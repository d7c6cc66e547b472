import type { ByteSource } from "./byte-source.ts";

/** Told which bytes of a file were read, so that all others can be left out of a copy. */
export type OnRead = (at: number, length: number) => void;

/** A text that has no end behind so many bytes has none. */
const MOST_TEXT_BYTES = 1 << 20;

/**
 * Bounded reads from a stretch of a source, in one byte order. Bytes are fetched when they are read.
 *
 * The way to use it: take a record with `range`, which answers undefined when the bytes are not all there,
 * then read its fields at fixed offsets. A field outside its record is a mistake of the caller, not of the
 * input, and throws RangeError.
 */
export class ByteReader {
  readonly byteOrder: "little" | "big";
  /** Bytes readable. */
  readonly length: number;
  /** Where the first of them lies in the source. */
  readonly place: number;
  protected readonly source: ByteSource;
  readonly #little: boolean;
  /** The bytes around those read last, and how far behind `place` they begin. */
  #view: DataView | undefined;
  #viewAt = 0;

  constructor(source: ByteSource, byteOrder: "little" | "big", place = 0, length = source.length) {
    this.source = source;
    this.byteOrder = byteOrder;
    this.place = place;
    this.length = length;
    this.#little = byteOrder === "little";
  }

  u8(at: number): number {
    return this.#viewOf(at, 1).getUint8(at - this.#viewAt);
  }

  u16(at: number): number {
    return this.#viewOf(at, 2).getUint16(at - this.#viewAt, this.#little);
  }

  u32(at: number): number {
    return this.#viewOf(at, 4).getUint32(at - this.#viewAt, this.#little);
  }

  u64(at: number): bigint {
    return this.#viewOf(at, 8).getBigUint64(at - this.#viewAt, this.#little);
  }

  /** The bytes from `at` up to `end`, not to be changed. */
  bytes(at = 0, end: number = this.length): Uint8Array {
    const to = Math.min(end, this.length);
    return this.source.read(this.place + at, Math.max(0, to - at));
  }

  /** Where the first byte of that value is, from `at` on and not a text's length behind; -1 for nowhere. */
  indexOf(value: number, at: number): number {
    const found = this.source
      .read(this.place + at, Math.max(0, Math.min(this.length - at, MOST_TEXT_BYTES)))
      .indexOf(value);
    return found < 0 ? -1 : at + found;
  }

  /** As {@link range}, for what is to be left out of a copy unless it is told: it does not count as read. */
  peek(at: number, length: number): ByteReader | undefined {
    if (at < 0 || length < 0 || at + length > this.length) return undefined;
    return new ByteReader(this.source, this.byteOrder, this.place + at, length);
  }

  /** A reader of `length` bytes from `at` on; undefined when they are not all there. */
  range(at: number, length: number): ByteReader | undefined {
    if (at < 0 || length < 0 || at + length > this.length) return undefined;
    return this.part(at, length);
  }

  protected part(at: number, length: number): ByteReader {
    return new ByteReader(this.source, this.byteOrder, this.place + at, length);
  }

  #viewOf(at: number, size: number): DataView {
    const view = this.#view;
    const isIn = view !== undefined && at >= this.#viewAt && at + size <= this.#viewAt + view.byteLength;
    return isIn ? view : this.#look(at, size);
  }

  #look(at: number, size: number): DataView {
    if (!(at >= 0 && at + size <= this.length)) throw new RangeError(`${at} of ${this.length} bytes`);
    const { at: from, bytes } = this.source.near(this.place + at, size);
    // Of what is around only this reader's own bytes.
    const start = Math.max(from, this.place);
    const end = Math.min(from + bytes.length, this.place + this.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset + start - from, end - start);
    this.#view = view;
    this.#viewAt = start - this.place;
    return view;
  }
}

/** A reader that tells what is read of it. */
export class RecordingReader extends ByteReader {
  readonly #onRead: OnRead;

  constructor(
    source: ByteSource,
    byteOrder: "little" | "big",
    onRead: OnRead,
    place = 0,
    length = source.length,
  ) {
    super(source, byteOrder, place, length);
    this.#onRead = onRead;
  }

  override u8(at: number): number {
    this.#onRead(this.place + at, 1);
    return super.u8(at);
  }

  override u16(at: number): number {
    this.#onRead(this.place + at, 2);
    return super.u16(at);
  }

  override u32(at: number): number {
    this.#onRead(this.place + at, 4);
    return super.u32(at);
  }

  override u64(at: number): bigint {
    this.#onRead(this.place + at, 8);
    return super.u64(at);
  }

  override bytes(at = 0, end: number = this.length): Uint8Array {
    this.#onRead(this.place + at, end - at);
    return super.bytes(at, end);
  }

  protected override part(at: number, length: number): ByteReader {
    return new RecordingReader(this.source, this.byteOrder, this.#onRead, this.place + at, length);
  }
}
