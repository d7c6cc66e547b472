import type { StringPool } from "./string-pool.ts";

/** No rules hold: the address lies in no STACK CFI range. */
export const NO_RULES = 0;

/**
 * Sets grow by what is added to them, and so a hostile file could make a large set of every short line. libxul has a
 * few thousand sets of at most 200 bytes; beyond these limits all are broken.
 */
const MAX_SETS = 100_000;
const MAX_SET_LENGTH = 4096;

/** A set that cannot be evaluated stays one whatever is added: its text is no rule. */
const BROKEN = "!";
const BROKEN_RULES: ReadonlyMap<string, string> = new Map([[BROKEN, ""]]);

/**
 * The distinct rule sets of a module. libxul has 2.5 million rows and a few thousand different sets, so each set is
 * composed once and then found again by (set before, rules added).
 */
export class CfiRuleSets {
  readonly #pool: StringPool;
  readonly #byText = new Map<string, number>();
  readonly #composed: Map<number, number>[] = [new Map()];
  readonly #rules: ReadonlyMap<string, string>[] = [new Map()];
  readonly texts: number[];

  constructor(pool: StringPool) {
    this.#pool = pool;
    this.texts = [pool.internText("")];
  }

  /**
   * The set that holds when more rules come on top of set `before`: a later rule for a register wins.
   * @param text reference of the added rules' text
   */
  compose(before: number, text: number): number {
    const known = this.#composed[before]?.get(text);
    if (known !== undefined) return known;
    const set = this.#setOf(this.#merge(before, this.#pool.text(text)));
    this.#composed[before]?.set(text, set);
    return set;
  }

  #merge(before: number, added: string): ReadonlyMap<string, string> {
    const earlier = this.#rules[before] as ReadonlyMap<string, string>;
    const later = parseCfiRules(added);
    if (later === undefined || earlier === BROKEN_RULES) return BROKEN_RULES;
    return new Map([...earlier, ...later]);
  }

  #setOf(rules: ReadonlyMap<string, string>): number {
    const text = textOf(rules);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const isTooMuch = text.length > MAX_SET_LENGTH || this.texts.length >= MAX_SETS;
    if (isTooMuch && text !== BROKEN) return this.#setOf(BROKEN_RULES);
    const set = this.texts.push(this.#pool.internText(text)) - 1;
    this.#byText.set(text, set);
    this.#composed.push(new Map());
    this.#rules.push(rules);
    return set;
  }
}

function textOf(rules: ReadonlyMap<string, string>): string {
  if (rules === BROKEN_RULES) return BROKEN;
  return [...rules].map(([register, expression]) => `${register}: ${expression}`).join(" ");
}

/** Splits `REG: expression REG: expression …`; undefined when it is not of that form. */
function parseCfiRules(text: string): Map<string, string> | undefined {
  const rules = new Map<string, string>();
  let register: string | undefined;
  let expression: string[] = [];
  for (const token of text.split(/[ \t]/)) {
    if (token === "") continue;
    if (!token.endsWith(":")) expression.push(token);
    else {
      if (register === undefined ? expression.length > 0 : expression.length === 0) return undefined;
      if (register !== undefined) rules.set(register, expression.join(" "));
      register = token.slice(0, -1);
      expression = [];
    }
  }
  if (register === undefined || expression.length === 0) return undefined;
  return rules.set(register, expression.join(" "));
}
