import { writev } from "node:fs";
import { promisify } from "node:util";
import { BLOCK_BYTES, bytesBehindBlock, isAtBlock, wholeBlocks } from "./block-memory.ts";

const writePieces = promisify(writev);

/** As many pieces as a system takes in one write (IOV_MAX). */
const MOST_PIECES = 1024;
const ZEROS = new Uint8Array(BLOCK_BYTES);

/**
 * Writes bytes one after another, in whole blocks and as few writes as can be: blocks that stand at a block of memory already
 * are written from there, all else is copied into block memory first.
 */
export class GatheringWriter {
  readonly #file: number;
  readonly #memory: Buffer;
  readonly #byReference: boolean;
  /** Where in the file the first piece belongs. */
  #at: number;
  /** What is written next; the last stretch of the memory is not among them yet. */
  #pieces: Uint8Array[] = [];
  #from = 0;
  #used = 0;

  /**
   * @param file its descriptor
   * @param at where to begin, at a block
   * @param byReference false: memory that looks as if it began at a block does not
   */
  constructor(
    file: number,
    memory: Buffer,
    { at, byReference = true }: { at: number; byReference?: boolean },
  ) {
    this.#file = file;
    this.#memory = memory;
    this.#at = at;
    this.#byReference = byReference;
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      if (this.#used === this.#memory.length) await this.flush();
      const count = Math.min(bytes.length - from, this.#memory.length - this.#used);
      // The only one of Node's copies that is quick where threads share memory: `set` and `copy` go byte by byte there.
      this.#memory.fill(bytes.subarray(from, from + count), this.#used, this.#used + count);
      this.#used += count;
      from += count;
    }
  }

  /**
   * Adds bytes behind whole blocks, as far behind a block as they are in memory (`bytesBehindBlock`), and fills up to the
   * next block: the blocks within are written from where they are.
   */
  async addInBlocks(bytes: Uint8Array): Promise<void> {
    const lead = bytesBehindBlock(bytes);
    const first = lead === 0 ? 0 : Math.min(BLOCK_BYTES - lead, bytes.length);
    if (first > 0) {
      await this.add(ZEROS.subarray(0, lead));
      await this.add(bytes.subarray(0, first));
    }
    const blocks = bytes.subarray(first);
    const whole = this.#byReference && isAtBlock(blocks) ? blocks.length - (blocks.length % BLOCK_BYTES) : 0;
    if (whole > 0) {
      this.#endStretch();
      this.#pieces.push(blocks.subarray(0, whole));
    }
    await this.add(blocks.subarray(whole));
    this.pad();
    // Two more may come before this is looked at again.
    if (this.#pieces.length > MOST_PIECES - 3) await this.flush();
  }

  /** Fills up to the next block with zeros. */
  pad(): void {
    const end = wholeBlocks(this.#used);
    this.#memory.fill(0, this.#used, end);
    this.#used = end;
  }

  #endStretch(): void {
    if (this.#used > this.#from) this.#pieces.push(this.#memory.subarray(this.#from, this.#used));
    this.#from = this.#used;
  }

  /** Writes what was gathered, to its last block's end. */
  async flush(): Promise<void> {
    this.pad();
    this.#endStretch();
    let pieces = this.#pieces;
    while (pieces.length > 0) {
      const { bytesWritten } = await writePieces(this.#file, pieces, this.#at);
      if (bytesWritten === 0) throw new Error("the disk takes no more");
      this.#at += bytesWritten;
      pieces = behind(pieces, bytesWritten);
    }
    this.#pieces = [];
    this.#from = 0;
    this.#used = 0;
  }
}

/** The pieces without their first bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  const rest: Uint8Array[] = [];
  for (const piece of pieces) {
    if (left < piece.length) rest.push(piece.subarray(left));
    left = Math.max(0, left - piece.length);
  }
  return rest;
}
