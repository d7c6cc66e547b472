import { badParameter } from "./bad-parameter.ts";
import type { SearchField } from "./fields.ts";
import { parseInteger } from "./parse-integer.ts";
import type { Condition, FieldFilter } from "./query-plan.ts";

type Clause = { readonly negated: boolean; readonly condition: Condition };

/**
 * What the values given for one field ask of it (any field but `date`). Values that are asked for are joined by
 * OR, ranges by AND, and whatever is negated must not hold.
 *
 * Super Search joins negated operator clauses by OR, so that `!=a` with `!=b` finds nearly everything and `a` with
 * `!b` everything but b; nobody asks for that, and here a negation always narrows.
 * @throws MaydayError SEARCH_BAD_PARAMETER for a value of the wrong type or an operator that is not built yet
 */
export function fieldFilter(field: SearchField, values: readonly string[]): FieldFilter {
  const anyOf: Condition[] = [];
  const allOf: Condition[] = [];
  const noneOf: Condition[] = [];
  for (const value of values) {
    const { negated, condition } = parseClause(field, value);
    if (negated) noneOf.push(condition);
    else if (isRange(condition)) allOf.push(condition);
    else anyOf.push(condition);
  }
  return { field: field.name, anyOf, allOf, noneOf };
}

const isRange = ({ op }: Condition): boolean => op.startsWith("<") || op.startsWith(">");

function parseClause(field: SearchField, value: string): Clause {
  const negated = value.startsWith("!");
  const text = negated ? value.slice(1) : value;
  if (text === "__null__") return { negated, condition: { op: "missing" } };
  const condition = field.validation === "int" ? integerCondition(field, text) : stringCondition(field, text);
  return { negated, condition };
}

function integerCondition(field: SearchField, text: string): Condition {
  const [, operator, digits] = /^(>=|<=|<|>|=)?(.*)$/s.exec(text)!;
  const value = parseInteger(digits!);
  if (value === undefined) throw badParameter(field.name, "not a valid int");
  if (operator === undefined || operator === "=") return { op: "equals", value };
  return { op: operator as ">=" | "<=" | "<" | ">", value };
}

function stringCondition(field: SearchField, text: string): Condition {
  if (/^[~^$@]/.test(text)) throw badParameter(field.name, `the operator ${text[0]} is not supported yet`);
  const isExact = text.startsWith("=");
  const value = (isExact ? text.slice(1) : text).toWellFormed();
  // People write "64.0b" for all betas of 64: each is a version of its own ("64.0b1", "64.0b2").
  if (field.name === "version" && !isExact && value.endsWith("b")) return { op: "starts-with", value };
  return { op: "equals", value };
}
