/** A map from two 32-bit numbers to one below 2^32 - 1: an open hash table, without an object for each entry. */
export class PairTable {
  #keys = new Uint32Array(2 * 1024);
  /** The value plus one; 0 for an empty slot. */
  #values = new Uint32Array(1024);
  count = 0;

  get(a: number, b: number): number | undefined {
    const value = this.#values[this.#slot(a, b)]!;
    return value === 0 ? undefined : value - 1;
  }

  set(a: number, b: number, value: number): void {
    const slot = this.#slot(a, b);
    if (this.#values[slot] === 0) this.count++;
    this.#keys[2 * slot] = a;
    this.#keys[2 * slot + 1] = b;
    this.#values[slot] = value + 1;
    if (this.count * 2 > this.#values.length) this.#grow();
  }

  /** Where the pair stands, or would. */
  #slot(a: number, b: number): number {
    const mask = this.#values.length - 1;
    let hash = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca77);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.#values[slot] !== 0 && (this.#keys[2 * slot] !== a || this.#keys[2 * slot + 1] !== b)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Uint32Array(values.length * 2);
    for (let old = 0; old < values.length; old++) {
      if (values[old] === 0) continue;
      const slot = this.#slot(keys[2 * old]!, keys[2 * old + 1]!);
      this.#keys[2 * slot] = keys[2 * old]!;
      this.#keys[2 * slot + 1] = keys[2 * old + 1]!;
      this.#values[slot] = values[old]!;
    }
  }
}
