/** Bytes that grow as they are written: numbers of fixed or variable width, little-endian. */
export class ByteWriter {
  bytes: Buffer;
  length = 0;

  constructor(initial = 4096) {
    this.bytes = Buffer.allocUnsafe(initial);
  }

  clear(): void {
    this.length = 0;
  }

  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = value;
  }

  u32(value: number): void {
    this.fixed(value, 4);
  }

  f64(value: number): void {
    this.#reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  /** The low `width` bytes of a number of at most 32 bits. */
  fixed(value: number, width: number): void {
    this.#reserve(4);
    const { bytes } = this;
    let at = this.length;
    for (let rest = value, i = 0; i < width; i++, rest >>>= 8) bytes[at++] = rest;
    this.length = at;
  }

  /** A number of at most 53 bits, seven bits a byte, lowest first; the high bit says that more follow (LEB128). */
  varint(value: number): void {
    this.#reserve(8);
    const { bytes } = this;
    let at = this.length;
    let rest = value;
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    bytes[at++] = rest;
    this.length = at;
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.length = this.bytes.writeBigUInt64LE(value, this.length);
  }

  append(bytes: Uint8Array, from = 0, end: number = bytes.length): void {
    this.#reserve(end - from);
    copyBytes(bytes, from, end, this.bytes, this.length);
    this.length += end - from;
  }

  /** Makes room for bytes that are written to `bytes` from outside. */
  skip(count: number): void {
    this.#reserve(count);
    this.length += count;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** How many bytes, up to four, hold numbers up to `max`; none for 0. */
export function widthOf(max: number): number {
  if (max === 0) return 0;
  if (max < 0x100) return 1;
  if (max < 0x1_0000) return 2;
  return max < 0x100_0000 ? 3 : 4;
}

/** A view costs as much as copying so many bytes one by one. */
const FEW = 96;

/** Copies `source` from `from` up to `end` to a place of `target`. */
export function copyBytes(
  source: Uint8Array,
  from: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (end - from > FEW) target.set(source.subarray(from, end), at);
  else for (let i = from, to = at; i < end; i++) target[to++] = source[i]!;
}
