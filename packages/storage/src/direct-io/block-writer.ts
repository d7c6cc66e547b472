import type { FileHandle } from "node:fs/promises";
import { wholeBlocks } from "./block-memory.ts";
import { writeAll } from "./write-all.ts";

/** Gathers bytes in block memory and writes them in whole blocks, as few writes as the memory allows. */
export class BlockWriter {
  readonly #file: FileHandle;
  readonly #memory: Buffer;
  /** Where in the file the gathered bytes belong. */
  #at: number;
  #used = 0;

  /** @param at where to begin, at a block */
  constructor(file: FileHandle, memory: Buffer, at: number) {
    this.#file = file;
    this.#memory = memory;
    this.#at = at;
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      if (this.#used === this.#memory.length) await this.flush();
      const count = Math.min(bytes.length - from, this.#memory.length - this.#used);
      // The only one of Node's copies that is as quick in shared memory as elsewhere: `set` and `copy` go byte by byte there.
      this.#memory.fill(bytes.subarray(from, from + count), this.#used, this.#used + count);
      this.#used += count;
      from += count;
    }
  }

  /** Fills up to the next block with zeros. */
  pad(): void {
    const end = wholeBlocks(this.#used);
    this.#memory.fill(0, this.#used, end);
    this.#used = end;
  }

  /** Writes what was gathered, to its last block's end. */
  async flush(): Promise<void> {
    this.pad();
    await writeAll(this.#file, this.#memory.subarray(0, this.#used), this.#at);
    this.#at += this.#used;
    this.#used = 0;
  }
}
