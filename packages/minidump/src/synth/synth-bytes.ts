/** Bytes written one value after the other, in one byte order. Tests describe structures with it, in order. */
export class SynthBytes {
  readonly byteOrder: "little" | "big";
  readonly #bytes: number[] = [];

  constructor(byteOrder: "little" | "big") {
    this.byteOrder = byteOrder;
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(value: number): this {
    return this.#number(BigInt(value), 1);
  }

  u16(value: number): this {
    return this.#number(BigInt(value), 2);
  }

  u32(...values: readonly number[]): this {
    for (const value of values) this.#number(BigInt(value), 4);
    return this;
  }

  u64(...values: readonly bigint[]): this {
    for (const value of values) this.#number(value, 8);
    return this;
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  zeros(count: number): this {
    for (let left = count; left > 0; left--) this.#bytes.push(0);
    return this;
  }

  utf8(text: string): this {
    return this.raw(new TextEncoder().encode(text));
  }

  utf16(text: string): this {
    for (let at = 0; at < text.length; at++) this.u16(text.charCodeAt(at));
    return this;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #number(value: bigint, size: number): this {
    const bytes = Array.from({ length: size }, (_, index) => Number((value >> BigInt(index * 8)) & 0xffn));
    return this.raw(this.byteOrder === "little" ? bytes : bytes.reverse());
  }
}
