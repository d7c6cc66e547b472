import { blockMemory } from "@mayday/storage/direct-io";

/** Memory of one write, free again when all its entries are moved. */
export class RecentWrite {
  /** Where it begins in the memory, at a block. */
  readonly at: number;
  readonly bytes: Buffer;
  #holders = 1;

  constructor(at: number, bytes: Buffer) {
    this.at = at;
    this.bytes = bytes;
  }

  get end(): number {
    return this.at + this.bytes.length;
  }

  get isFree(): boolean {
    return this.#holders === 0;
  }

  /** So many need it in the place of the one that took it. */
  handOn(holders: number): void {
    this.#holders += holders - 1;
  }

  release(): void {
    this.#holders--;
  }
}

/**
 * A ring of memory in which the journal lays out its writes, and from which the mover, in its thread, takes entries
 * as they are: reading them back would cost the disk more than writing them did. When it is used up, writes go without.
 */
export class RecentMemory {
  readonly memory: Buffer;
  /** In the order in which they were taken. */
  readonly #taken: RecentWrite[] = [];

  constructor(bytes: number) {
    this.memory = blockMemory(bytes, { shared: true });
  }

  /** Memory for so many bytes in whole blocks, more than none; undefined when there is none free. */
  take(bytes: number): RecentWrite | undefined {
    while (this.#taken[0]?.isFree) this.#taken.shift();
    const at = this.#freeAt(bytes);
    if (at === undefined) return undefined;
    const write = new RecentWrite(at, this.memory.subarray(at, at + bytes));
    this.#taken.push(write);
    return write;
  }

  #freeAt(bytes: number): number | undefined {
    const begin = this.#taken[0]?.at ?? 0;
    const end = this.#taken.at(-1)?.end ?? 0;
    const hasWrapped = this.#taken.length > 0 && end <= begin;
    if (hasWrapped) return end + bytes <= begin ? end : undefined;
    if (end + bytes <= this.memory.length) return end;
    return bytes <= begin ? 0 : undefined;
  }
}
