import type { SearchField } from "@mayday/search";

/** What a filter line may ask of a field: the sign in the search language, and its words. */
export interface LineOperator {
  readonly sign: string;
  readonly says: string;
  /** Whether it needs no value. */
  readonly isAlone?: boolean;
}

const equals: LineOperator = { sign: "=", says: "is exactly" };
const isNot: LineOperator = { sign: "!=", says: "is not" };
const missing: LineOperator = { sign: "__null__", says: "is missing", isAlone: true };
const there: LineOperator = { sign: "!__null__", says: "is there", isAlone: true };

/** The operators of texts, of choices, and of what can be ordered; those behind the first are tried in this order. */
const operators: Readonly<Record<SearchField["query"], readonly LineOperator[]>> = {
  string: [
    { sign: "~", says: "contains" },
    { sign: "!~", says: "does not contain" },
    equals,
    isNot,
    { sign: "^", says: "starts with" },
    { sign: "!^", says: "does not start with" },
    { sign: "$", says: "ends with" },
    { sign: "!$", says: "does not end with" },
    { sign: "@", says: "matches regex" },
    { sign: "!@", says: "does not match regex" },
    { sign: "", says: "has the words" },
    { sign: "!", says: "has not the words" },
    missing,
    there,
  ],
  enum: [{ sign: "", says: "is" }, { sign: "!", says: "is not" }, missing, there],
  integer: [
    { sign: "", says: "is" },
    { sign: "!", says: "is not" },
    { sign: ">=", says: "at least" },
    { sign: "<=", says: "at most" },
    { sign: ">", says: "more than" },
    { sign: "<", says: "less than" },
    missing,
    there,
  ],
  float: [{ sign: ">=", says: "at least" }, { sign: "<=", says: "at most" }, missing, there],
  bool: [
    { sign: "__true__", says: "is true", isAlone: true },
    { sign: "!__true__", says: "is not true", isAlone: true },
    missing,
    there,
  ],
  date: [
    { sign: ">=", says: "from" },
    { sign: "<=", says: "until" },
    { sign: ">", says: "after" },
    { sign: "<", says: "before" },
  ],
};

export const operatorsOf = ({ query }: SearchField): readonly LineOperator[] => operators[query];

/** All operators there are, once each. */
export const allOperators: readonly LineOperator[] = [
  ...new Map(
    Object.values(operators)
      .flat()
      .map((operator) => [operator.sign, operator] as const),
  ).values(),
];

/** A filter of the address as a form's line shows it. */
export interface SearchLine {
  readonly field: string;
  readonly sign: string;
  readonly value: string;
}

/** Reads one filter's value: its operator, and what it is held against. */
export function lineOf(field: SearchField, value: string): SearchLine {
  const alone = operatorsOf(field).find(({ sign, isAlone }) => isAlone && sign === value);
  if (alone !== undefined) return { field: field.name, sign: alone.sign, value: "" };
  const bySign = operatorsOf(field)
    .filter(({ sign, isAlone }) => !isAlone && sign !== "" && value.startsWith(sign))
    .sort((a, b) => b.sign.length - a.sign.length);
  const sign = bySign[0]?.sign ?? "";
  return { field: field.name, sign, value: value.slice(sign.length) };
}

/** The filter that a line says; undefined where it says nothing. */
export function filterOfLine({ field, sign, value }: SearchLine): readonly [string, string] | undefined {
  if (field === "") return undefined;
  if (allOperators.some((operator) => operator.isAlone && operator.sign === sign)) return [field, sign];
  return value === "" ? undefined : [field, sign + value];
}
