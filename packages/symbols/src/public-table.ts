import { GrowingArray } from "./growing-array.ts";
import type { StringPool } from "./string-pool.ts";
import type { TextSpan } from "./sym-sink.ts";
import { section } from "./symcache-format.ts";
import { addresses, numbers, type Sections } from "./symcache-writer.ts";

/** Symbols without a size. */
export class PublicTable {
  readonly #strings: StringPool;
  readonly #address = new GrowingArray(Float64Array);
  readonly #parameterSize = new GrowingArray(Uint32Array);
  readonly #name = new GrowingArray(Uint32Array);

  constructor(strings: StringPool) {
    this.#strings = strings;
  }

  add(address: number, parameterSize: number, name: TextSpan): void {
    this.#address.push(address);
    this.#parameterSize.push(parameterSize);
    this.#name.push(this.#strings.intern(name));
  }

  /** Sorts by address, name and parameter size: of several at one address the last one is the answer. */
  lay(sections: Sections): void {
    const address = (i: number) => this.#address.at(i);
    const name = (i: number) => this.#strings.text(this.#name.at(i));
    const parameterSize = (i: number) => this.#parameterSize.at(i);
    const order = Uint32Array.from({ length: this.#address.length }, (_, index) => index);
    order.sort(
      (a, b) =>
        address(a) - address(b) || compareText(name(a), name(b)) || parameterSize(a) - parameterSize(b),
    );
    sections.set(section.publicAddress, addresses(this.#address.items, order));
    sections.set(section.publicParameterSize, numbers(this.#parameterSize.items, order));
    sections.set(section.publicName, numbers(this.#name.items, order));
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
