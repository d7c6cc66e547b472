import type { MemoryRange } from "@mayday/minidump";

/** Reads words of a thread's stack; nothing else is readable while walking. */
export class StackReader {
  readonly #range: MemoryRange;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(range: MemoryRange, byteOrder: "little" | "big") {
    const { bytes } = range;
    this.#range = range;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = byteOrder === "little";
  }

  /** The 64-bit word at an address; undefined when not all of it is there. */
  word(address: bigint): bigint | undefined {
    const offset = address - this.#range.base;
    if (offset < 0n || offset + 8n > BigInt(this.#view.byteLength)) return undefined;
    return this.#view.getBigUint64(Number(offset), this.#littleEndian);
  }
}
