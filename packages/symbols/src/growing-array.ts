type Typed = Uint32Array | Int32Array | Float64Array;

/** A typed array that grows by doubling. */
export class GrowingArray<A extends Typed> {
  #items: A;
  #length = 0;
  readonly #make: new (
    length: number,
  ) => A;

  constructor(make: new (length: number) => A, initial = 1024) {
    this.#make = make;
    this.#items = new make(initial);
  }

  get length(): number {
    return this.#length;
  }

  /** What was pushed, to loop over: a view that stands until the next push. */
  get items(): A {
    return this.#items.subarray(0, this.#length) as A;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) {
      const larger = new this.#make(this.#items.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length++] = value;
  }

  at(index: number): number {
    return this.#items[index] as number;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  clear(): void {
    this.#length = 0;
  }
}
