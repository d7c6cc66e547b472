import { SynthBytes } from "./synth-bytes.ts";

/** Where something was put: what a location descriptor says. */
export interface Placed {
  readonly size: number;
  readonly rva: number;
}

/** The growing file: header and directory in front, whose size is given, then what is placed. */
export class SynthFile {
  readonly byteOrder: "little" | "big";
  readonly #front: number;
  readonly #body: SynthBytes;

  constructor(byteOrder: "little" | "big", streamCount: number) {
    this.byteOrder = byteOrder;
    this.#front = 32 + 12 * streamCount;
    this.#body = new SynthBytes(byteOrder);
  }

  /** Fresh bytes in the file's byte order. */
  bytes(): SynthBytes {
    return new SynthBytes(this.byteOrder);
  }

  place(content: Uint8Array): Placed {
    const rva = this.#front + this.#body.length;
    this.#body.raw(content);
    return { size: content.length, rva };
  }

  /** Places a string as minidumps have them: length in bytes, UTF-16, NUL. Answers its offset. */
  string(text: string): number {
    const bytes = this.bytes();
    bytes
      .u32(text.length * 2)
      .utf16(text)
      .u16(0);
    return this.place(bytes.finish()).rva;
  }

  /** The whole file. */
  finish(timestamp: number, directory: readonly (readonly [type: number, Placed])[]): Uint8Array {
    const front = this.bytes().u32(0x504d444d, 42899, directory.length, 32, 0, timestamp).u64(0n);
    for (const [type, { size, rva }] of directory) front.u32(type, size, rva);
    return front.raw(this.#body.finish()).finish();
  }
}
