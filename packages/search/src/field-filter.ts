import { semicolonElements, standardWords } from "./analysis.ts";
import { badParameter } from "./bad-parameter.ts";
import { type FieldElement, isString, isWhole, limitsOf, type SearchField } from "./fields.ts";
import { formatInstant } from "./instant.ts";
import { parseFloatingPoint, parseInteger } from "./python-values.ts";
import { parseQueryDate } from "./query-date.ts";
import type { Condition, Filter } from "./query-plan.ts";
import { checkExpression } from "./regexp/regexp.ts";
import type { SearchOptions } from "./search-options.ts";

type Validation = SearchField["validation"];

/** By what a field's values are checked against: the operators they may begin with, in the order they are tried. */
const operators: Record<Validation, readonly string[]> = {
  str: ["=", "~", "$", "^", "@", "__null__"],
  int: [">=", "<=", "<", ">", "__null__"],
  float: [">=", "<=", "<", ">", "__null__"],
  datetime: [">=", "<=", "<", ">", "__null__"],
  bool: ["__true__", "__null__"],
  enum: ["__null__"],
};

/** One value of a parameter: the operator is empty where there is none. */
interface Clause {
  readonly isNegated: boolean;
  readonly operator: string;
  readonly filter: Filter;
}

const LONGEST_PATTERN = 1000;

/**
 * What the values given for one field ask of it (any field but `date`). A value or another may hold, where ranges, which
 * hold together, count as one; and whatever is negated must not hold.
 *
 * Crash Stats joins negated operators by OR, so that `!=a` with `!=b` finds nearly everything and `a` with `!b` everything
 * but b; nobody asks for that, and it is so in parity alone.
 * @throws MaydayError SEARCH_BAD_PARAMETER for a value of the wrong type
 */
export function fieldFilter(field: SearchField, values: readonly string[], options: SearchOptions): Filter {
  const known = operatorsOf(field, options);
  const clauses = values.map((value) => parseClause(field, value, known));
  return options.parity ? foldedByOrder(clauses) : joinedBySense(clauses);
}

function joinedBySense(clauses: readonly Clause[]): Filter {
  const wanted = clauses.filter(({ isNegated }) => !isNegated);
  const ranges = wanted.filter(isRange).map(({ filter }) => filter);
  const others = wanted.filter((clause) => !isRange(clause)).map(({ filter }) => filter);
  const anyOf = [...(ranges.length === 0 ? [] : [all(ranges)]), ...others];
  const noneOf = clauses.filter(({ isNegated }) => isNegated).map(({ filter }) => not(filter));
  return all([...(anyOf.length === 0 ? [] : [any(anyOf)]), ...noneOf]);
}

/** Clauses in their order, a range joined by AND to what stands before it, all others by OR; bare values come last. */
function foldedByOrder(clauses: readonly Clause[]): Filter {
  const withOperator = clauses.filter(({ operator }) => operator !== "");
  const bare = [false, true].flatMap((isNegated): Clause[] => {
    const same = clauses.filter((clause) => clause.operator === "" && clause.isNegated === isNegated);
    if (same.length === 0) return [];
    return [{ isNegated, operator: "", filter: any(same.map(({ filter }) => filter)) }];
  });
  const [first, ...rest] = [...withOperator, ...bare].map((clause) => ({
    ...clause,
    filter: clause.isNegated ? not(clause.filter) : clause.filter,
  }));
  return rest.reduce<Filter>(
    (sofar, clause) => (isRange(clause) ? all([sofar, clause.filter]) : any([sofar, clause.filter])),
    first!.filter,
  );
}

const isRange = ({ operator }: Clause): boolean => /^[<>]/.test(operator);
const all = (of: readonly Filter[]): Filter => (of.length === 1 ? of[0]! : { op: "all", of });
const any = (of: readonly Filter[]): Filter => (of.length === 1 ? of[0]! : { op: "any", of });
const not = (of: Filter): Filter => ({ op: "not", of });

/** Crash Stats takes operators of texts for a part of the value where values are few: it then finds nothing. */
const operatorsOf = ({ validation }: SearchField, { parity = false }: SearchOptions): readonly string[] =>
  validation === "enum" && !parity ? operators.str : operators[validation];

function parseClause(field: SearchField, value: string, known: readonly string[]): Clause {
  const isNegated = value.startsWith("!");
  const text = isNegated ? value.slice(1) : value;
  const operator = known.find((prefix) => text.startsWith(prefix)) ?? "";
  const rest = text.slice(operator.length);
  // People write "64.0b" for all betas of 64: each is a version of its own ("64.0b1", "64.0b2").
  if (field.name === "version" && operator === "" && text.endsWith("b"))
    return { isNegated, operator: "^", filter: { op: "like", field: field.name, pattern: `${rest}*` } };
  return { isNegated, operator, filter: filterOf(field, operator, rest) };
}

function filterOf(field: SearchField, operator: string, text: string): Filter {
  const { name } = field;
  switch (operator) {
    case "":
      return bareFilter(field, text);
    case "__null__":
      return { op: "missing", field: name };
    case "__true__":
      return { op: "equals", field: name, value: true };
    case "=":
      return { op: "equals", field: name, value: text };
    case "~":
      return like(field, `*${text}*`);
    case "^":
      return like(field, `${text}*`);
    case "$":
      return like(field, `*${text}`);
    case "@":
      return expressionFilter(field, text);
    default:
      return { op: operator as ">" | ">=" | "<" | "<=", field: name, value: boundOf(field, text) };
  }
}

const like = ({ name }: SearchField, pattern: string): Condition => ({ op: "like", field: name, pattern });

function expressionFilter({ name }: SearchField, expression: string): Condition {
  if (expression.length > LONGEST_PATTERN)
    throw badParameter(name, `a regular expression has at most ${LONGEST_PATTERN} characters`);
  const problem = checkExpression(expression);
  if (problem !== undefined) throw badParameter(name, problem);
  return { op: "matches", field: name, expression };
}

/** What a value without an operator asks for: a word of texts, the whole value of anything else. */
function bareFilter(field: SearchField, text: string): Filter {
  const { name, mapping } = field;
  if (mapping === "text") return { op: "words", field: name, words: standardWords(text) };
  if (mapping === "semicolons") return { op: "words", field: name, words: semicolonElements(text) };
  return { op: "equals", field: name, value: elementFor(field, text) };
}

function elementFor(field: SearchField, text: string): FieldElement {
  if (isString(field)) return text.toWellFormed();
  if (field.mapping === "boolean") return /^(?:true|t|1|y|yes)$/i.test(text);
  return boundOf(field, text);
}

/** A date, or a number, of a field that has such. */
const boundOf = (field: SearchField, text: string): number | bigint | string =>
  field.mapping === "date" ? dateOf(field, text) : numberOf(field, text);

function dateOf({ name }: SearchField, text: string): string {
  const instant = parseQueryDate(text);
  if (instant === undefined) throw badParameter(name, "not a valid datetime");
  return formatInstant(instant);
}

function numberOf(field: SearchField, text: string): number | bigint {
  if (isWhole(field)) {
    const value = parseInteger(text);
    if (value === undefined) throw badParameter(field.name, "not a valid int");
    // A short number may be asked for as any of 32 bits: that none is so large is an answer.
    const { least, most } = limitsOf(field.mapping === "short" ? { ...field, mapping: "integer" } : field);
    if (value < least || value > most) throw badParameter(field.name, `is not from ${least} to ${most}`);
    return simplest(value);
  }
  const value = parseFloatingPoint(text);
  if (value === undefined) throw badParameter(field.name, "not a valid float");
  if (!Number.isFinite(value)) throw badParameter(field.name, "is not a finite number");
  return value;
}

/** A number where it is exact, else the bigint. */
const simplest = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};
