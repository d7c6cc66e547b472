import type { StringPool } from "./string-pool.ts";

/** No rules hold: the address lies in no STACK CFI range. */
export const NO_RULES = 0;

/** A set that cannot be evaluated stays one whatever is added: its text is no rule. */
const BROKEN = "!";

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
    if (later === undefined || earlier.has(BROKEN)) return new Map([[BROKEN, ""]]);
    return new Map([...earlier, ...later]);
  }

  #setOf(rules: ReadonlyMap<string, string>): number {
    const text = rules.has(BROKEN)
      ? BROKEN
      : [...rules].map(([register, expression]) => `${register}: ${expression}`).join(" ");
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const set = this.texts.push(this.#pool.internText(text)) - 1;
    this.#byText.set(text, set);
    this.#composed.push(new Map());
    this.#rules.push(rules);
    return set;
  }
}

/** Splits `REG: expression REG: expression …`; undefined when it is not of that form. */
export function parseCfiRules(text: string): Map<string, string> | undefined {
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
