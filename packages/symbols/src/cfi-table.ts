import { CfiRuleSets, NO_RULES } from "./cfi-rule-sets.ts";
import { GrowingArray } from "./growing-array.ts";
import { keepSortedRanges } from "./sorted-ranges.ts";
import type { StringPool } from "./string-pool.ts";
import type { TextSpan } from "./sym-sink.ts";
import { section } from "./symcache-format.ts";
import type { Sections } from "./symcache-writer.ts";

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
    const kept = new GrowingArray(Uint32Array);
    keepSortedRanges(kept, { starts: address.items, sizes: size.items });
    const laid = { address: new GrowingArray(Float64Array), ruleSet: new GrowingArray(Uint32Array) };
    let lastMarked = -1;
    const mark = (at: number, ruleSet: number) => {
      if (ruleSet === lastMarked) return;
      lastMarked = ruleSet;
      laid.address.push(at);
      laid.ruleSet.push(ruleSet);
    };
    let reached = 0;
    for (const range of kept.items) {
      if (address.at(range) > reached) mark(reached, NO_RULES);
      reached = address.at(range) + size.at(range);
      const endRow = range + 1 < address.length ? firstRow.at(range + 1) : this.#rows.address.length;
      for (let row = firstRow.at(range); row < endRow; row++) {
        const at = this.#rows.address.at(row);
        if (at < reached) mark(at, this.#rows.ruleSet.at(row));
      }
    }
    mark(reached, NO_RULES);
    sections.set(section.cfiAddress, { kind: "addresses", values: laid.address.items });
    sections.set(section.cfiRuleSet, { kind: "numbers", values: laid.ruleSet.items });
    sections.set(section.cfiRuleText, { kind: "numbers", values: Uint32Array.from(this.#ruleSets.texts) });
  }

  #flush(): void {
    const { address, text } = this.#pending;
    const order = isAscending(address) ? undefined : ascending(address);
    for (let i = 0; i < address.length; i++) {
      const change = order?.[i] ?? i;
      this.#change(address.at(change), text.at(change));
    }
    address.clear();
    text.clear();
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
