import { MaydayError } from "@mayday/errors";
import type { TextSpan } from "../../sym-text/sym-sink.ts";
import type { CfiRowWriter } from "../format/cfi-row-writer.ts";
import { GrowingArray } from "../format/growing-array.ts";
import type { RecordTableWriter } from "../format/record-table-writer.ts";
import { type CfiRuleSets, NO_RULES } from "./cfi-rule-sets.ts";
import { keepSortedRanges } from "./sorted-ranges.ts";
import { SpillingFile } from "./spilling-file.ts";

/** More than any module has; each takes 16 bytes of memory. */
const MAX_RANGES = 12_000_000;

/** More changes than the largest function has; the rest of a range's are left out. */
const MAX_CHANGES = 1 << 20;

const ROW_BYTES = 8;

/**
 * The call-frame rules of a module: ranges (STACK CFI INIT), each with rows at which the rules change. A row is where
 * it begins, relative to its range, and the number of its rule set.
 */
export class CfiTable {
  readonly #ruleSets: CfiRuleSets;
  readonly #ranges = {
    address: new GrowingArray(Float64Array),
    size: new GrowingArray(Uint32Array),
    rows: new GrowingArray(Uint32Array),
  };
  /** The rows of all ranges, in the order of the text; they may go to disk. */
  readonly #rows: SpillingFile;
  /** The rules and changes of the last range, until all are known: changes count by address, not by their order. */
  #first = NO_RULES;
  readonly #changes = { address: new GrowingArray(Float64Array), text: new GrowingArray(Uint32Array) };
  readonly #rangeRows = new GrowingArray(Uint32Array);

  /** @param folder where a file without a name is made for what does not fit into memory */
  constructor(ruleSets: CfiRuleSets, folder?: string) {
    this.#ruleSets = ruleSets;
    this.#rows = new SpillingFile(folder);
  }

  /** @throws {MaydayError} SYMBOLS_MALFORMED when there are too many ranges */
  init(address: number, size: number, rules: TextSpan): void {
    this.#endRange();
    if (this.#ranges.address.length >= MAX_RANGES) {
      throw new MaydayError("SYMBOLS_MALFORMED", "it has too many call-frame ranges");
    }
    this.#ranges.address.push(address);
    this.#ranges.size.push(size);
    this.#first = this.#ruleSets.compose(NO_RULES, this.#ruleSets.text(rules));
  }

  /** A change within the last range. */
  delta(address: number, rules: TextSpan): void {
    if (this.#changes.address.length === MAX_CHANGES) return;
    this.#changes.address.push(address);
    this.#changes.text.push(this.#ruleSets.text(rules));
  }

  /** Writes the rows of all ranges that are kept; between them stand rows without rules. */
  layRows(writer: Pick<CfiRowWriter, "add" | "end">): void {
    this.#endRange();
    const { address, size, rows } = this.#ranges;
    const kept = new GrowingArray(Uint32Array);
    keepSortedRanges(kept, { starts: address.items, sizes: size.items, length: address.length });
    const rowsAt = this.#rowPlaces();
    let reached = 0;
    for (const range of kept.view()) {
      const start = address.items[range]!;
      if (start > reached) writer.add(reached, NO_RULES, false);
      reached = start + size.items[range]!;
      if (reached === start) continue;
      const count = rows.items[range]!;
      const items = this.#readRows(rowsAt[range]!, count);
      for (let i = 0; i < 2 * count; i += 2) writer.add(start + items[i]!, items[i + 1]!, i === 0);
    }
    writer.add(reached, NO_RULES, false);
    writer.end();
  }

  /** Writes the rule sets and gives the names of the registers in them. */
  layRuleSets(table: RecordTableWriter): string[] {
    return this.#ruleSets.lay(table);
  }

  close(): void {
    this.#rows.close();
  }

  /** Turns the last range's changes into rows. */
  #endRange(): void {
    if (this.#ranges.address.length === this.#ranges.rows.length) return;
    const rows = this.#rangeRows;
    rows.length = 0;
    rows.push(0);
    rows.push(this.#first);
    const { address, text } = this.#changes;
    const order = isAscending(address) ? undefined : this.#order();
    for (let i = 0; i < address.length; i++) {
      const change = order === undefined ? i : order[i]!;
      this.#change(address.items[change]!, text.items[change]!);
    }
    address.length = 0;
    text.length = 0;
    this.#ranges.rows.push(rows.length / 2);
    this.#rows.append(rows.bytes(), 0, rows.length * 4);
    this.#ruleSets.forget();
  }

  #change(address: number, text: number): void {
    const { items, length } = this.#rangeRows;
    const range = this.#ranges.address.length - 1;
    const relative = address - this.#ranges.address.items[range]!;
    if (relative >= this.#ranges.size.items[range]!) return;
    const ruleSet = this.#ruleSets.compose(items[length - 1]!, text);
    // A change before its range's begin holds from the begin on.
    if (relative <= items[length - 2]!) {
      items[length - 1] = ruleSet;
      return;
    }
    this.#rangeRows.push(relative);
    this.#rangeRows.push(ruleSet);
  }

  /** Changes by address, those at one address by their text (the peer's order). */
  #order(): Uint32Array {
    const { address, text } = this.#changes;
    const compareTexts = (a: number, b: number) =>
      Buffer.compare(this.#ruleSets.bytesOf(text.items[a]!), this.#ruleSets.bytesOf(text.items[b]!));
    const order = Uint32Array.from({ length: address.length }, (_, index) => index);
    return order.sort((a, b) => address.items[a]! - address.items[b]! || compareTexts(a, b));
  }

  #rowPlaces(): Float64Array {
    const { rows } = this.#ranges;
    const places = new Float64Array(rows.length);
    for (let range = 1; range < rows.length; range++) {
      places[range] = places[range - 1]! + rows.items[range - 1]! * ROW_BYTES;
    }
    return places;
  }

  /** The rows of a range; they stand until those of the next one are read. */
  #readRows(at: number, count: number): Uint32Array {
    const rows = this.#rangeRows;
    rows.reserve(2 * count);
    this.#rows.read(at, count * ROW_BYTES, rows.bytes());
    return rows.items;
  }
}

/** Whether no address comes before or together with one before it. */
function isAscending({ items, length }: GrowingArray<Float64Array>): boolean {
  for (let i = 1; i < length; i++) if (items[i]! <= items[i - 1]!) return false;
  return true;
}
