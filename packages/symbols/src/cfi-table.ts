import { CfiRuleSets, NO_RULES } from "./cfi-rule-sets.ts";
import { GrowingArray } from "./growing-array.ts";
import { sortedRanges } from "./sorted-ranges.ts";
import type { StringPool } from "./string-pool.ts";
import type { TextSpan } from "./sym-sink.ts";
import { section } from "./symcache-format.ts";
import { addresses, numbers, type Sections } from "./symcache-writer.ts";

/** The call-frame rules of a module: ranges (STACK CFI INIT), each with rows at which the rules change. */
export class CfiTable {
  readonly #strings: StringPool;
  readonly #ruleSets: CfiRuleSets;
  readonly #ranges = {
    address: new GrowingArray(Float64Array),
    size: new GrowingArray(Uint32Array),
    firstRow: new GrowingArray(Uint32Array),
  };
  readonly #rows = { address: new GrowingArray(Float64Array), ruleSet: new GrowingArray(Uint32Array) };
  /** The changes of the last range, until all are known: they count by address, not by their order in the file. */
  readonly #pending = { address: new GrowingArray(Float64Array), text: new GrowingArray(Uint32Array) };

  constructor(strings: StringPool) {
    this.#strings = strings;
    this.#ruleSets = new CfiRuleSets(strings);
  }

  init(address: number, size: number, rules: TextSpan): void {
    this.#flush();
    this.#ranges.address.push(address);
    this.#ranges.size.push(size);
    this.#ranges.firstRow.push(this.#rows.address.length);
    this.#pushRow(address, this.#ruleSets.compose(NO_RULES, this.#strings.intern(rules)));
  }

  /** A change within the last range; one that no range precedes says nothing and is dropped. */
  delta(address: number, rules: TextSpan): void {
    if (this.#ranges.address.length === 0) return;
    this.#pending.address.push(address);
    this.#pending.text.push(this.#strings.intern(rules));
  }

  lay(sections: Sections): void {
    this.#flush();
    const { address, size, firstRow } = this.#ranges;
    const count = address.length;
    const startOf = (range: number) => address.at(range);
    const sizeOf = (range: number) => size.at(range);
    const laid = { address: new GrowingArray(Float64Array), ruleSet: new GrowingArray(Uint32Array) };
    const mark = (at: number, ruleSet: number) => {
      laid.address.push(at);
      laid.ruleSet.push(ruleSet);
    };
    let reached = 0;
    for (const range of sortedRanges(count, startOf, sizeOf)) {
      if (sizeOf(range) === 0) continue;
      if (startOf(range) > reached) mark(reached, NO_RULES);
      reached = startOf(range) + sizeOf(range);
      const lastRow = range + 1 < count ? firstRow.at(range + 1) : this.#rows.address.length;
      for (let row = firstRow.at(range); row < lastRow; row++) {
        if (this.#rows.address.at(row) < reached)
          mark(this.#rows.address.at(row), this.#rows.ruleSet.at(row));
      }
    }
    mark(reached, NO_RULES);
    sections.set(section.cfiAddress, addresses(laid.address));
    sections.set(section.cfiRuleSet, numbers(laid.ruleSet));
    sections.set(section.cfiRuleText, numbers(this.#ruleSets.texts));
  }

  #flush(): void {
    const { address, text } = this.#pending;
    const order = isAscending(address) ? undefined : ascending(address);
    for (let i = 0; i < address.length; i++) {
      const change = order?.[i] ?? i;
      this.#change(address.at(change), text.at(change));
    }
    address.length = 0;
    text.length = 0;
  }

  #change(address: number, text: number): void {
    const last = this.#rows.address.length - 1;
    const ruleSet = this.#ruleSets.compose(this.#rows.ruleSet.at(last), text);
    // A change before its range's begin holds from the begin on.
    if (address <= this.#rows.address.at(last)) this.#rows.ruleSet.set(last, ruleSet);
    else this.#pushRow(address, ruleSet);
  }

  #pushRow(address: number, ruleSet: number): void {
    this.#rows.address.push(address);
    this.#rows.ruleSet.push(ruleSet);
  }
}

function isAscending(values: GrowingArray<Float64Array>): boolean {
  for (let i = 1; i < values.length; i++) if (values.at(i) < values.at(i - 1)) return false;
  return true;
}

/** Indices by ascending value, those of equal values in their order. */
function ascending(values: GrowingArray<Float64Array>): number[] {
  const order = Array.from({ length: values.length }, (_, index) => index);
  return order.sort((a, b) => values.at(a) - values.at(b));
}
