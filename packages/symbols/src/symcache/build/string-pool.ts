import { MaydayError } from "@mayday/errors";
import type { TextSpan } from "../../sym-text/sym-sink.ts";
import { GrowingArray } from "../format/growing-array.ts";
import { SpillingFile } from "./spilling-file.ts";

/** Stands where a string could, and there is none. */
export const NO_STRING = 0xffff_ffff;

/** Strings are compared with those of the last so many bytes; the largest known module has 60 MB of names. */
const COMPARED_BYTES = 128 * 1024 ** 2;

/** More different names than any module has; each takes 20 bytes of memory. */
const MAX_STRINGS = 16_000_000;

/**
 * Keeps every distinct run of bytes once. Runs are compared as bytes; no strings are made. Memory is bounded: what
 * goes beyond {@link COMPARED_BYTES} moves to disk, and is kept once more should it come again.
 */
export class StringPool {
  readonly #comparedBytes: number;
  /** Strings one behind the other, those that lie on disk first: string N ends where string N + 1 begins. */
  readonly #starts = new GrowingArray(Float64Array);
  #end = 0;
  readonly #moved: SpillingFile;
  /** The strings behind the moved ones. */
  #blob = Buffer.allocUnsafe(1 << 16);
  /** An open hash table: number of the string plus one, and beside it the hash of its bytes. */
  #slots = new Uint32Array(1 << 12);
  #hashes = new Uint32Array(1 << 12);
  #slotsUsed = 0;

  constructor(folder?: string, comparedBytes: number = COMPARED_BYTES) {
    this.#moved = new SpillingFile(folder, 0);
    this.#comparedBytes = comparedBytes;
  }

  get count(): number {
    return this.#starts.length;
  }

  /**
   * The number of a string: 0 for the first, and so on.
   * @throws {MaydayError} SYMBOLS_MALFORMED when there are too many
   */
  intern({ bytes, at, end }: TextSpan): number {
    const length = end - at;
    const hash = hashOf(bytes, at, end);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const string = this.#slots[slot]! - 1;
      if (string < 0) {
        this.#hashes[slot] = hash;
        return this.#add(slot, bytes, at, length);
      }
      if (this.#hashes[slot] === hash && this.#equals(string, bytes, at, length)) return string;
    }
  }

  internText(text: string): number {
    const bytes = Buffer.from(text);
    return this.intern({ bytes, at: 0, end: bytes.length });
  }

  text(string: number): string {
    return this.bytesOf(string).toString("utf8");
  }

  lengthOf(string: number): number {
    const { items, length } = this.#starts;
    return (string + 1 < length ? items[string + 1]! : this.#end) - items[string]!;
  }

  /** A string's bytes; they stand until the next string is added. */
  bytesOf(string: number): Buffer {
    const start = this.#starts.items[string]!;
    const length = this.lengthOf(string);
    const inBlob = start - this.#moved.length;
    if (inBlob >= 0) return this.#blob.subarray(inBlob, inBlob + length);
    const bytes = Buffer.allocUnsafe(length);
    this.#moved.read(start, length, bytes);
    return bytes;
  }

  close(): void {
    this.#moved.close();
  }

  #equals(string: number, bytes: Uint8Array, at: number, length: number): boolean {
    if (this.lengthOf(string) !== length) return false;
    const blob = this.#blob;
    const start = this.#starts.items[string]! - this.#moved.length;
    for (let i = 0; i < length; i++) if (blob[start + i] !== bytes[at + i]) return false;
    return true;
  }

  #add(slot: number, bytes: Uint8Array, at: number, length: number): number {
    if (this.count >= MAX_STRINGS) throw new MaydayError("SYMBOLS_MALFORMED", "it has too many names");
    const used = this.#end - this.#moved.length;
    this.#reserve(used, length);
    this.#blob.set(bytes.subarray(at, at + length), used);
    this.#starts.push(this.#end);
    this.#end += length;
    this.#slots[slot] = this.count;
    if (used + length > this.#comparedBytes) this.#move(used + length);
    else if (++this.#slotsUsed * 2 > this.#slots.length) this.#rehash();
    return this.count - 1;
  }

  #reserve(used: number, length: number): void {
    if (used + length <= this.#blob.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#blob.length * 2, used + length));
    this.#blob.copy(larger, 0, 0, used);
    this.#blob = larger;
  }

  #move(used: number): void {
    this.#moved.append(this.#blob, 0, used);
    this.#slots.fill(0);
    this.#slotsUsed = 0;
  }

  #rehash(): void {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const size = slots.length * 2;
    const mask = size - 1;
    this.#slots = new Uint32Array(size);
    this.#hashes = new Uint32Array(size);
    for (let old = 0; old < slots.length; old++) {
      if (slots[old] === 0) continue;
      const hash = hashes[old]!;
      let slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = slots[old]!;
      this.#hashes[slot] = hash;
    }
  }
}

/** FNV-1a, folded: its low bits alone spread badly over names that differ in their first bytes. */
function hashOf(bytes: Uint8Array, at: number, end: number): number {
  let hash = 0x811c_9dc5;
  for (let i = at; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
