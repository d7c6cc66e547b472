/**
 * Bounds the bytes that texts of variable length may cost in total. An honest dump decodes each of its bytes
 * about once; a hostile one can point 200,000 modules at overlapping texts of a megabyte. The budget is the
 * dump's own size, so no honest dump meets it.
 */
export class DecodeBudget {
  #left: number;
  #refused = false;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Whether some text was refused. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Takes `bytes` from the budget; false when there are not that many left. */
  spend(bytes: number): boolean {
    if (bytes > this.#left) {
      this.#refused = true;
      return false;
    }
    this.#left -= bytes;
    return true;
  }
}
