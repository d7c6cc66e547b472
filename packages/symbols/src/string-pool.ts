import type { TextSpan } from "./sym-sink.ts";

/** Marks "no string" where a reference to one stands. */
export const NO_STRING = 0xffff_ffff;

/**
 * Keeps every distinct run of bytes once, in one blob: a 32-bit length (little-endian) and the bytes. References are
 * offsets into the blob. Runs are compared as bytes; no strings are made.
 */
export class StringPool {
  #blob = Buffer.allocUnsafe(1 << 16);
  #used = 0;
  /** An open hash table: references, and beside each the hash of its string. */
  #slots = new Uint32Array(1 << 12).fill(NO_STRING);
  #hashes = new Uint32Array(1 << 12);
  #count = 0;

  intern({ bytes, at, end }: TextSpan): number {
    const length = end - at;
    const hash = hashOf(bytes, at, length);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const reference = this.#slots[slot] as number;
      if (reference === NO_STRING) {
        this.#hashes[slot] = hash;
        return this.#add(slot, bytes, at, length);
      }
      if (this.#hashes[slot] === hash && this.#equals(reference, bytes, at, length)) return reference;
    }
  }

  internText(text: string): number {
    const bytes = Buffer.from(text);
    return this.intern({ bytes, at: 0, end: bytes.length });
  }

  text(reference: number): string {
    const length = this.#blob.readUInt32LE(reference);
    return this.#blob.toString("utf8", reference + 4, reference + 4 + length);
  }

  get blob(): Uint8Array {
    return this.#blob.subarray(0, this.#used);
  }

  #equals(reference: number, bytes: Uint8Array, at: number, length: number): boolean {
    if (this.#blob.readUInt32LE(reference) !== length) return false;
    for (let i = 0; i < length; i++) if (this.#blob[reference + 4 + i] !== bytes[at + i]) return false;
    return true;
  }

  #add(slot: number, bytes: Uint8Array, at: number, length: number): number {
    const reference = this.#used;
    this.#reserve(4 + length);
    this.#blob.writeUInt32LE(length, reference);
    this.#blob.set(bytes.subarray(at, at + length), reference + 4);
    this.#used += 4 + length;
    this.#slots[slot] = reference;
    if (++this.#count * 2 > this.#slots.length) this.#rehash();
    return reference;
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#blob.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#blob.length * 2, this.#used + length));
    this.#blob.copy(larger, 0, 0, this.#used);
    this.#blob = larger;
  }

  #rehash(): void {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const size = slots.length * 2;
    const mask = size - 1;
    this.#slots = new Uint32Array(size).fill(NO_STRING);
    this.#hashes = new Uint32Array(size);
    for (let old = 0; old < slots.length; old++) {
      const reference = slots[old] as number;
      if (reference === NO_STRING) continue;
      const hash = hashes[old] as number;
      let slot = hash & mask;
      while (this.#slots[slot] !== NO_STRING) slot = (slot + 1) & mask;
      this.#slots[slot] = reference;
      this.#hashes[slot] = hash;
    }
  }
}

/** FNV-1a, folded: its low bits alone spread badly over names that differ in their first bytes. */
function hashOf(bytes: Uint8Array, at: number, length: number): number {
  let hash = 0x811c_9dc5;
  for (let i = at; i < at + length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x0100_0193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
