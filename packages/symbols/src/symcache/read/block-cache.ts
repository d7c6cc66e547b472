const DEFAULT_BYTES = 16 * 1024 ** 2;

/** Blocks larger than this share of the memory are not kept. */
const LARGEST_SHARE = 1 / 8;

/** A block in memory: `bytes` from `at` up to `end`. It stands until other blocks are loaded. */
export interface Block {
  readonly bytes: Buffer;
  /** Of the same memory: it reads numbers with one load. */
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
}

/** The blocks of a symcache by their numbers; those that are not in memory are undefined. */
export type OwnBlocks = (Block | undefined)[];

interface KeptBlock extends Block {
  readonly owner: OwnBlocks;
  readonly number: number;
}

/**
 * The blocks that a thread's symcaches have read last, in one piece of memory whose size is fixed: it is written round
 * and round, over the oldest ones. Reading a block makes no garbage, so that memory grows by this piece and no more.
 */
export class BlockCache {
  readonly #size: number;
  #memory: Pick<Block, "bytes" | "view"> | undefined;
  /** Where the next block goes. */
  #head = 0;
  /** Kept blocks from the oldest, at `first`, to the youngest. */
  #kept: KeptBlock[] = [];
  #first = 0;

  constructor(bytes: number = DEFAULT_BYTES) {
    this.#size = bytes;
  }

  /**
   * Room for a block, to be read there and then given to {@link keep}.
   */
  room(length: number): Block {
    if (length > this.#size * LARGEST_SHARE) return { ...allocate(length), at: 0, end: length };
    this.#memory ??= allocate(this.#size);
    const at = this.#place(length);
    const { bytes, view } = this.#memory;
    return { bytes, view, at, end: at + length };
  }

  /**
   * Keeps a block that was read whole.
   * @param owner is given the block, and loses it when other blocks need its room
   */
  keep({ bytes, view, at, end }: Block, owner: OwnBlocks, number: number): void {
    if (bytes !== this.#memory?.bytes) return;
    const block = { bytes, view, at, end, owner, number };
    owner[number] = block;
    this.#kept.push(block);
    this.#head = end;
  }

  /** Frees the next place of that length. */
  #place(length: number): number {
    if (this.#head + length > this.#size) {
      // The end is too short: the blocks there are the oldest, and go.
      while (this.#oldest !== undefined && this.#oldest.at >= this.#head) this.#drop();
      this.#head = 0;
    }
    const end = this.#head + length;
    while (this.#oldest !== undefined && this.#oldest.at >= this.#head && this.#oldest.at < end) this.#drop();
    return this.#head;
  }

  get #oldest(): KeptBlock | undefined {
    return this.#kept[this.#first];
  }

  #drop(): void {
    const { owner, number } = this.#kept[this.#first++]!;
    owner[number] = undefined;
    if (this.#first * 2 > this.#kept.length) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
  }
}

function allocate(length: number): Pick<Block, "bytes" | "view"> {
  const bytes = Buffer.allocUnsafeSlow(length);
  return { bytes, view: new DataView(bytes.buffer) };
}
