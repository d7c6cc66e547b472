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
  #pending: { address: number; text: number }[] = [];

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
    this.#pending.push({ address, text: this.#strings.intern(rules) });
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
    const pending = this.#pending;
    if (pending.length === 0) return;
    if (pending.some(({ address }, i) => i > 0 && address < pending[i - 1]!.address)) {
      pending.sort((a, b) => a.address - b.address);
    }
    for (const { address, text } of pending) this.#change(address, text);
    this.#pending = [];
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
