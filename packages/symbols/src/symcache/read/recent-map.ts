/** How many keys that came once are remembered; a power of two. */
const SEEN = 4096;

/**
 * A map by numbers that keeps what is used again and again, up to a size. An entry is kept when it is offered the
 * second time: most are never asked for again, and keeping them would cost memory and drive the others out. When the
 * young half is full it becomes the old one, whose entries are forgotten unless they are asked for again.
 */
export class RecentMap<V> {
  readonly #half: number;
  readonly #sizeOf: (value: V) => number;
  #young = new Map<number, V>();
  #old = new Map<number, V>();
  #youngSize = 0;
  /** Keys that were offered, each at a place of its own or in place of another one. */
  #seen: Float64Array | undefined;

  /** @param size of all entries, in the unit of `sizeOf`; entries by default */
  constructor(size: number, sizeOf: (value: V) => number = () => 1) {
    this.#half = size / 2;
    this.#sizeOf = sizeOf;
  }

  has(key: number): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  get(key: number): V | undefined {
    if (this.#young.has(key) || !this.#old.has(key)) return this.#young.get(key);
    const value = this.#old.get(key) as V;
    this.#keep(key, value);
    return value;
  }

  /** Gives an entry that was not there; it is kept when that happened before. */
  offer(key: number, value: V): void {
    this.#seen ??= new Float64Array(SEEN).fill(Number.NaN);
    const place = (key ^ (key / SEEN)) & (SEEN - 1);
    if (this.#seen[place] === key) this.#keep(key, value);
    else this.#seen[place] = key;
  }

  #keep(key: number, value: V): void {
    const size = this.#sizeOf(value);
    if (this.#youngSize + size > this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngSize = 0;
    }
    this.#young.set(key, value);
    this.#youngSize += size;
  }
}
