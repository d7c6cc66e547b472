type Typed = Uint32Array | Int32Array | Float64Array;

/** A typed array that grows by doubling. Loops read `items` up to `length`: a view for each would be garbage. */
export class GrowingArray<A extends Typed> {
  items: A;
  length = 0;
  readonly #make: new (
    length: number,
  ) => A;
  #bytes: Uint8Array | undefined;

  constructor(make: new (length: number) => A, initial = 64) {
    this.#make = make;
    this.items = new make(initial);
  }

  push(value: number): void {
    if (this.length === this.items.length) this.reserve(this.items.length * 2);
    this.items[this.length++] = value;
  }

  /** Makes room for so many items. */
  reserve(length: number): void {
    if (length <= this.items.length) return;
    const larger = new this.#make(length);
    larger.set(this.items);
    this.items = larger;
    this.#bytes = undefined;
  }

  /** What was pushed: a view that stands until the next push. */
  view(): A {
    return this.items.subarray(0, this.length) as A;
  }

  /** The memory of all items there is room for. */
  bytes(): Uint8Array {
    this.#bytes ??= new Uint8Array(this.items.buffer);
    return this.#bytes;
  }
}
