import { CfiRuleSets, NO_RULES } from "../symcache/build/cfi-rule-sets.ts";
import { CfiTable } from "../symcache/build/cfi-table.ts";
import { GrowingArray } from "../symcache/format/growing-array.ts";
import { lastAtOrBefore } from "../symcache/format/last-at-or-before.ts";
import type { CfiRules } from "./cfi-rules.ts";
import { SymParser } from "./sym-parser.ts";
import { ignoringSink, type TextSpan } from "./sym-sink.ts";
import { stretchOf, type TextIndex } from "./text-index.ts";
import type { TextReader } from "./text-reader.ts";

/** Ranges whose rows are kept; a walk asks for a few hundred. Beyond, all are read anew. */
const MAX_RANGES = 4096;

/** The rows of a range: from a start up to the next one, a rule set holds. */
interface Rows {
  readonly starts: Float64Array;
  readonly ruleSets: Uint32Array;
}

/** The call-frame rules of a text. A range is read when it is first asked for, by what builds symcaches. */
export class TextCfi {
  readonly #text: TextReader;
  readonly #index: TextIndex;
  readonly #ruleSets = new CfiRuleSets();
  /** By place in the index. */
  readonly #ranges = new Map<number, Rows>();

  constructor(text: TextReader, index: TextIndex) {
    this.#text = text;
    this.#index = index;
  }

  rules(offset: number): CfiRules | undefined {
    const range = this.#rangeAt(offset);
    if (range === undefined) return undefined;
    const { starts, ruleSets } = this.#rowsOf(range);
    return this.#ruleSets.rules(ruleSets[lastAtOrBefore(starts, offset)] ?? NO_RULES);
  }

  /** Whether a range begins exactly at the offset. */
  begins(offset: number): boolean {
    const range = this.#rangeAt(offset);
    return range !== undefined && this.#index.cfi.starts[range] === offset;
  }

  /** The place in the index of the range that covers an offset. */
  #rangeAt(offset: number): number | undefined {
    const { starts, sizes } = this.#index.cfi;
    const range = lastAtOrBefore(starts, offset);
    return range >= 0 && offset < starts[range]! + sizes[range]! ? range : undefined;
  }

  #rowsOf(range: number): Rows {
    const known = this.#ranges.get(range);
    if (known !== undefined) return known;
    const rows = this.#readRows(this.#index.cfi.records[range]!);
    if (this.#ranges.size === MAX_RANGES) this.#ranges.clear();
    this.#ranges.set(range, rows);
    return rows;
  }

  #readRows(record: number): Rows {
    const table = new CfiTable(this.#ruleSets);
    try {
      const parser = new SymParser({
        ...ignoringSink,
        cfiInit: (address: number, size: number, rules: TextSpan) => table.init(address, size, rules),
        cfiDelta: (address: number, rules: TextSpan) => table.delta(address, rules),
      });
      this.#text.read(stretchOf(this.#index, record), parser);
      parser.end();
      return rowsOf(table);
    } finally {
      table.close();
    }
  }
}

function rowsOf(table: CfiTable): Rows {
  const starts = new GrowingArray(Float64Array);
  const ruleSets = new GrowingArray(Uint32Array);
  table.layRows({
    add(start, ruleSet) {
      starts.push(start);
      ruleSets.push(ruleSet);
    },
    end: () => undefined,
  });
  return { starts: starts.view(), ruleSets: ruleSets.view() };
}
