/** From and to, both included, of code points. */
export type CodeRange = readonly [from: number, to: number];

/** A regular expression, as a tree. All match whole texts. */
export type Expression =
  | { readonly kind: "set"; readonly ranges: readonly CodeRange[] }
  | { readonly kind: "sequence"; readonly of: readonly Expression[] }
  | { readonly kind: "either"; readonly of: readonly Expression[] }
  | { readonly kind: "both"; readonly of: readonly Expression[] }
  | { readonly kind: "repeat"; readonly of: Expression; readonly least: number; readonly most: number };

const LAST = 0x10ffff;
const anyCharacter: Expression = { kind: "set", ranges: [[0, LAST]] };
const nothing: Expression = { kind: "either", of: [] };
const emptyText: Expression = { kind: "sequence", of: [] };
const anyText: Expression = { kind: "repeat", of: anyCharacter, least: 0, most: Number.POSITIVE_INFINITY };

/** What is wrong with an expression. */
export class ExpressionError extends Error {}

const DEEPEST = 100;

/**
 * Reads a regular expression of Lucene 10 with all its optional operators: `|`, `&`, `?`, `*`, `+`, `{n,m}`, classes, `.`,
 * `#` nothing, `@` anything, `"…"` as it stands, `<n-m>` numbers, `\d` `\w` `\s` and their opposites, `\` before
 * anything else that is no letter. `~` is a character like any other.
 * @throws {ExpressionError}
 */
export function parseExpression(text: string): Expression {
  return new Reader(Array.from(text)).read();
}

/** Reads from left to right; Lucene's own grammar decides, its oddities included: `*` at the beginning is a character. */
class Reader {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  read(): Expression {
    if (this.#characters.length === 0) return emptyText;
    const expression = this.#either();
    if (this.#more()) throw new ExpressionError(`end expected at position ${this.#at}`);
    return expression;
  }

  #more = (): boolean => this.#at < this.#characters.length;
  #peek = (of: string): boolean => this.#more() && of.includes(this.#characters[this.#at]!);

  #match(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #next(): number {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new ExpressionError("it ends too early");
    this.#at++;
    return character.codePointAt(0)!;
  }

  #either(): Expression {
    if (++this.#depth > DEEPEST) throw new ExpressionError("it is nested too deep");
    const of = [this.#both()];
    while (this.#match("|")) of.push(this.#both());
    this.#depth--;
    return of.length === 1 ? of[0]! : { kind: "either", of };
  }

  #both(): Expression {
    const of = [this.#sequence()];
    while (this.#match("&")) of.push(this.#sequence());
    return of.length === 1 ? of[0]! : { kind: "both", of };
  }

  #sequence(): Expression {
    const of = [this.#repeat()];
    while (this.#more() && !this.#peek(")|&")) of.push(this.#repeat());
    return of.length === 1 ? of[0]! : { kind: "sequence", of };
  }

  #repeat(): Expression {
    let of = this.#class();
    while (this.#peek("?*+{")) {
      const [least, most] = this.#times();
      of = { kind: "repeat", of, least, most };
    }
    return of;
  }

  #times(): [least: number, most: number] {
    if (this.#match("?")) return [0, 1];
    if (this.#match("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.#match("+")) return [1, Number.POSITIVE_INFINITY];
    this.#match("{");
    const least = this.#digits();
    if (least === undefined) throw new ExpressionError(`integer expected at position ${this.#at}`);
    let most = least;
    if (this.#match(",")) most = this.#digits() ?? Number.POSITIVE_INFINITY;
    if (!this.#match("}")) throw new ExpressionError(`'}' expected at position ${this.#at}`);
    if (least > most) throw new ExpressionError("a repetition's range is out of order");
    return [least, most];
  }

  #digits(): number | undefined {
    let text = "";
    while (this.#peek("0123456789")) text += String.fromCodePoint(this.#next());
    if (text === "") return undefined;
    const number = Number(text);
    if (number > 0x7fffffff) throw new ExpressionError("a number is too large");
    return number;
  }

  #class(): Expression {
    if (!this.#match("[")) return this.#simple();
    const isNegated = this.#match("^");
    const ranges = [...this.#classPart()];
    while (this.#more() && !this.#peek("]")) ranges.push(...this.#classPart());
    if (!this.#match("]")) throw new ExpressionError(`']' expected at position ${this.#at}`);
    return { kind: "set", ranges: isNegated ? opposite(ranges) : ranges };
  }

  #classPart(): readonly CodeRange[] {
    const predefined = this.#predefined();
    if (predefined !== undefined) return predefined;
    const from = this.#character();
    if (!this.#match("-")) return [[from, from]];
    const to = this.#character();
    if (from > to) throw new ExpressionError("a range of characters is out of order");
    return [[from, to]];
  }

  #simple(): Expression {
    if (this.#match(".")) return anyCharacter;
    if (this.#match("#")) return nothing;
    if (this.#match("@")) return anyText;
    if (this.#match('"')) return textOf(this.#until('"'));
    if (this.#match("(")) {
      if (this.#match(")")) return emptyText;
      const within = this.#either();
      if (!this.#match(")")) throw new ExpressionError(`')' expected at position ${this.#at}`);
      return within;
    }
    if (this.#match("<")) return interval(this.#until(">"));
    const predefined = this.#predefined();
    if (predefined !== undefined) return { kind: "set", ranges: predefined };
    const character = this.#character();
    return { kind: "set", ranges: [[character, character]] };
  }

  #until(end: string): string {
    let text = "";
    while (this.#more() && !this.#peek(end)) text += String.fromCodePoint(this.#next());
    if (!this.#match(end)) throw new ExpressionError(`'${end}' expected at position ${this.#at}`);
    return text;
  }

  /** A class written with `\`, or the `\` itself; otherwise the `\` is passed over and what follows is a character. */
  #predefined(): readonly CodeRange[] | undefined {
    if (!this.#match("\\")) return undefined;
    const letter = this.#characters[this.#at] ?? "";
    const known = classes[letter];
    if (known !== undefined) {
      this.#at++;
      return known;
    }
    if (/^[a-zA-Z]$/.test(letter)) throw new ExpressionError(`there is no character class \\${letter}`);
    return undefined;
  }

  #character(): number {
    this.#match("\\");
    return this.#next();
  }
}

const digit: readonly CodeRange[] = [[48, 57]];
const word: readonly CodeRange[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const space: readonly CodeRange[] = [
  [9, 10],
  [13, 13],
  [32, 32],
];

function opposite(ranges: readonly CodeRange[]): CodeRange[] {
  const gaps: CodeRange[] = [];
  let at = 0;
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (from > at) gaps.push([at, from - 1]);
    at = Math.max(at, to + 1);
  }
  if (at <= LAST) gaps.push([at, LAST]);
  return gaps;
}

const classes: Readonly<Record<string, readonly CodeRange[]>> = {
  d: digit,
  D: opposite(digit),
  w: word,
  W: opposite(word),
  s: space,
  S: opposite(space),
  "\\": [[92, 92]],
};

function textOf(text: string): Expression {
  const of = Array.from(text, (character): Expression => {
    const code = character.codePointAt(0)!;
    return { kind: "set", ranges: [[code, code]] };
  });
  return { kind: "sequence", of };
}

/** `<n-m>`: the whole numbers between; with as many digits where both have as many, else with any zeros before them. */
function interval(text: string): Expression {
  const parts = /^(\d+)-(\d+)$/.exec(text);
  if (parts === null) throw new ExpressionError(`<${text}> is no interval of numbers`);
  const [, a, b] = parts as unknown as [string, string, string];
  const [from, to] = [Number(a), Number(b)].sort((x, y) => x - y) as [number, number];
  if (to > 0x7fffffff) throw new ExpressionError("a number is too large");
  const width = a.length === b.length ? a.length : 0;
  const of: Expression[] = [];
  for (let length = 1; length <= String(to).length; length++) {
    const least = Math.max(from, length === 1 ? 0 : 10 ** (length - 1));
    const most = Math.min(to, 10 ** length - 1);
    if (least > most) continue;
    const digits = between(String(least), String(most));
    const zeros = "0".repeat(Math.max(0, width - length));
    const before: Expression =
      width > 0
        ? textOf(zeros)
        : {
            kind: "repeat",
            of: { kind: "set", ranges: [[48, 48]] },
            least: 0,
            most: Number.POSITIVE_INFINITY,
          };
    of.push({ kind: "sequence", of: [before, digits] });
  }
  return { kind: "either", of };
}

/** Numbers of as many digits as both have. */
function between(from: string, to: string): Expression {
  if (from === "") return emptyText;
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  const [after, before] = [from.slice(1), to.slice(1)];
  const set = (a: number, b: number): Expression => ({ kind: "set", ranges: [[a, b]] });
  const sequence = (...of: Expression[]): Expression => ({ kind: "sequence", of });
  if (first === last) return sequence(set(first, last), between(after, before));
  const of = [
    sequence(set(first, first), between(after, "9".repeat(after.length))),
    sequence(set(last, last), between("0".repeat(before.length), before)),
  ];
  if (last - first > 1) {
    const rest = between("0".repeat(after.length), "9".repeat(after.length));
    of.push(sequence(set(first + 1, last - 1), rest));
  }
  return { kind: "either", of };
}
