import { type CfiRules, type CfiRuleTexts, compileCfi, splitCfiRules } from "../../sym-text/cfi-rules.ts";
import type { TextSpan } from "../../sym-text/sym-sink.ts";
import { ByteWriter } from "../format/byte-writer.ts";
import { encodeCfi, RegisterNumbers } from "../format/cfi-byte-code.ts";
import { GrowingArray } from "../format/growing-array.ts";
import type { RecordTableWriter } from "../format/record-table-writer.ts";
import { PairTable } from "./pair-table.ts";
import { NO_STRING, StringPool } from "./string-pool.ts";

/** No rules hold: the address lies in no STACK CFI range. */
export const NO_RULES = 0;

/** Rules that cannot be evaluated, and stay so whatever is added. */
const BROKEN = 1;

/**
 * Sets grow by what is added to them, and so a hostile file could make a large set of every short line. libxul has a
 * few thousand sets of at most 200 bytes and 20 registers; beyond these limits all are broken.
 */
const MAX_SETS = 100_000;
const MAX_SET_LENGTH = 4096;
const MAX_REGISTERS = 1000;
const MAX_REGISTER_LENGTH = 64;

/** Texts and compositions are remembered up to this many; then all are forgotten, which costs time only. */
const MAX_KNOWN = 200_000;

/**
 * The distinct rule sets of a module. libxul has 2.5 million rows and a few thousand different sets, so each set is
 * composed once and then found again by (set before, rules added).
 */
export class CfiRuleSets {
  #texts = new StringPool();
  #composed = new PairTable();
  readonly #byText = new Map<string, number>();
  readonly #sets: (CfiRuleTexts | undefined)[] = [new Map(), undefined];
  /** Their byte codes, one behind the other, and where each ends. None and {@link BROKEN} have no rules. */
  readonly #codes = new ByteWriter();
  readonly #codeEnds = new GrowingArray(Uint32Array);
  readonly #compiled = new Map<number, CfiRules | undefined>();
  readonly #registers = new RegisterNumbers();

  constructor() {
    for (const texts of this.#sets) this.#encode(texts);
  }

  /** The number of a text of added rules, good until {@link forget}. */
  text(rules: TextSpan): number {
    return this.#texts.intern(rules);
  }

  /** The bytes of such a text, to compare. */
  bytesOf(text: number): Buffer {
    return this.#texts.bytesOf(text);
  }

  /**
   * The set that holds when more rules come on top of set `before`: a later rule for a register wins.
   * @param text number of the added rules' text
   */
  compose(before: number, text: number): number {
    const known = this.#composed.get(before, text);
    if (known !== undefined) return known;
    const set = this.#merge(before, this.#texts.text(text));
    this.#composed.set(before, text, set);
    return set;
  }

  /** Bounds what is remembered. Numbers of texts that were given out before are worth nothing after it. */
  forget(): void {
    if (this.#texts.count < MAX_KNOWN && this.#composed.count < MAX_KNOWN) return;
    this.#texts.close();
    this.#texts = new StringPool();
    this.#composed = new PairTable();
  }

  /** A set, compiled; undefined for none and for {@link BROKEN}. */
  rules(set: number): CfiRules | undefined {
    if (this.#compiled.has(set)) return this.#compiled.get(set);
    const texts = this.#sets[set];
    const rules = texts && compileCfi(texts);
    this.#compiled.set(set, rules);
    return rules;
  }

  /** Writes the sets by their numbers: broken ones, and none, as empty records. */
  lay(table: RecordTableWriter): string[] {
    let begin = 0;
    for (const [number, end] of this.#codeEnds.view().entries()) {
      table.begin(number, NO_STRING).append(this.#codes.bytes, begin, end);
      begin = end;
    }
    table.end();
    return this.#registers.names;
  }

  #merge(before: number, added: string): number {
    const earlier = this.#sets[before];
    const later = splitCfiRules(added);
    if (earlier === undefined || later === undefined) return BROKEN;
    const rules = new Map([...earlier, ...later]);
    const text = [...rules].map(([register, expression]) => `${register}: ${expression}`).join(" ");
    return this.#byText.get(text) ?? this.#add(text, rules);
  }

  #add(text: string, rules: CfiRuleTexts): number {
    if (text.length > MAX_SET_LENGTH || this.#sets.length >= MAX_SETS) return BROKEN;
    for (const word of text.split(/:? /)) {
      if (word.length > MAX_REGISTER_LENGTH) return BROKEN;
    }
    if (this.#registers.count > MAX_REGISTERS) return BROKEN;
    const set = this.#sets.push(rules) - 1;
    this.#byText.set(text, set);
    this.#encode(rules);
    return set;
  }

  /** At once, so that the number of registers is known and stays bounded. */
  #encode(texts: CfiRuleTexts | undefined): void {
    const rules = texts === undefined ? undefined : compileCfi(texts);
    if (rules === undefined) this.#codes.varint(0);
    else encodeCfi(rules, this.#registers, this.#codes);
    this.#codeEnds.push(this.#codes.length);
  }
}
