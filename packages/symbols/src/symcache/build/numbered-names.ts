import { MaydayError } from "@mayday/errors";
import { GrowingArray } from "../format/growing-array.ts";
import type { RecordTableWriter } from "../format/record-table-writer.ts";
import { NO_STRING } from "./string-pool.ts";

/** Dumpers count from 0; ids beyond this are looked up in a map. */
const DENSE_IDS = 1 << 22;

/** More than any module has; beyond, a map would not hold them. */
const MAX_IDS = 8_000_000;

/**
 * The names that FILE or INLINE_ORIGIN records give to ids. These records may stand anywhere in the file, so an id is
 * given an index when it is first met, by its record or by one that uses it. An id's last record counts.
 */
export class NumberedNames {
  /** By id: its index plus one. */
  #dense = new Uint32Array(1024);
  readonly #sparse = new Map<number, number>();
  /** By index: number of the string. */
  readonly #names = new GrowingArray(Uint32Array);

  get count(): number {
    return this.#names.length;
  }

  set(id: number, string: number): void {
    const index = this.indexOf(id);
    this.#names.items[index] = string;
  }

  /** @throws {MaydayError} SYMBOLS_MALFORMED when there are too many ids */
  indexOf(id: number): number {
    const known = (id < DENSE_IDS ? this.#dense[id] : this.#sparse.get(id)) ?? 0;
    return known === 0 ? this.#add(id) : known - 1;
  }

  /** Writes the names by their indexes. */
  lay(table: RecordTableWriter): void {
    for (const [index, string] of this.#names.view().entries()) table.begin(index, string);
    table.end();
  }

  #add(id: number): number {
    const index = this.count;
    if (index >= MAX_IDS) throw new MaydayError("SYMBOLS_MALFORMED", "it has too many file or origin ids");
    this.#names.push(NO_STRING);
    if (id >= DENSE_IDS) this.#sparse.set(id, index + 1);
    else {
      if (id >= this.#dense.length) this.#growTo(id);
      this.#dense[id] = index + 1;
    }
    return index;
  }

  #growTo(id: number): void {
    const larger = new Uint32Array(Math.min(DENSE_IDS, Math.max(this.#dense.length * 2, id + 1)));
    larger.set(this.#dense);
    this.#dense = larger;
  }
}
