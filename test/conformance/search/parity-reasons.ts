import { fieldNamed } from "../../../packages/search/src/index.ts";
import type { SearchCase } from "./cases.ts";

type Params = readonly (readonly [name: string, value: string])[];

const ENUM_OPERATOR = /^!?[=~$^@]/;
const isListName = (name: string): boolean => /^_(?:facets|sort|columns)$|^_(?:aggs|histogram)\./.test(name);
/** Whether a value in a list is a field's name, or an aggregation of a field. */
function isField(value: string, isSort = false): boolean {
  const name = isSort ? value.replace(/^-/, "") : value;
  const query = /^_histogram\.(.*)/s.exec(name);
  if (query !== null) return ["date", "integer", "float"].includes(fieldNamed(query[1]!)?.query ?? "");
  return fieldNamed(name.replace(/^_cardinality\./, "")) !== undefined;
}

/**
 * What of Crash Stats' accidents a request is about: why its answer may be another one by default. In words; none when
 * there is no reason.
 */
export function parityReasons({
  params,
  raw_query,
  expected,
  permissions,
  notes = [],
}: SearchCase): readonly string[] {
  const asked: Params = raw_query === undefined ? params : [...new URLSearchParams(raw_query)];
  const reasons: [string, boolean][] = [
    ["negations of one field are joined by OR", hasSeveralWithNegation(asked)],
    ["clauses of one field are joined in their order", hasRangeAmongOthers(asked)],
    ["dates are whole seconds", hasDateOf(asked, expected.body)],
    ["weeks are left out, or all are searched", notes.includes("week-index")],
    ["a negated or absent date", asked.some(([name, value]) => name === "date" && /^!|__null__/.test(value))],
    [
      "operators of fields of few values",
      asked.some(([name, value]) => fieldNamed(name)?.validation === "enum" && ENUM_OPERATOR.test(value)),
    ],
    [
      "products are not negated, nor absent",
      asked.some(([name, value]) => name === "product" && /^!|^__null__|^$/.test(value)),
    ],
    [
      "names that are no field are dropped",
      asked.some(([name, value]) => isDropped(name, value, permissions)),
    ],
    [
      "aggregations take each other's place, deep ones are dropped",
      asked.some(([name]) => /^_aggs\.[^.]*\./.test(name)) ||
        asked.some(([name, value]) => name.startsWith("_aggs.") && value === ""),
    ],
    [
      "empty values of lists",
      asked.some(([name, value]) => /^_(?:facets|aggs|histogram)/.test(name) && value === ""),
    ],
    ["pages end at 10,000", asked.some(([name]) => name === "_results_offset")],
  ];
  return reasons.filter(([, holds]) => holds).map(([reason]) => `parity: ${reason}`);
}

function clausesByField(asked: Params): string[][] {
  const byField = new Map<string, string[]>();
  for (const [name, value] of asked) {
    if (name !== "date" && fieldNamed(name) !== undefined)
      byField.set(name, [...(byField.get(name) ?? []), value]);
  }
  return [...byField.values()].filter((values) => values.length > 1);
}

const hasSeveralWithNegation = (asked: Params): boolean =>
  clausesByField(asked).some((values) => values.some((value) => value.startsWith("!")));

const hasRangeAmongOthers = (asked: Params): boolean =>
  clausesByField(asked).some((values) => values.some((value) => /^[<>]/.test(value)));

/** Whether a request bounds dates otherwise than by days, or looks at dates where a second is not enough. */
function hasDateOf(asked: Params, body: unknown): boolean {
  const dates = asked.filter(([name]) => name === "date").map(([, value]) => value);
  const isByDay = dates.length > 1 && dates.every((value) => /^(?:>=|<)\d{4}-\d\d-\d\d$/.test(value));
  const isOfDate = asked.some(
    ([name, value]) => isListName(name) && /^-?(?:_cardinality\.)?date$/.test(value),
  );
  return !isByDay || isOfDate || JSON.stringify(body).includes("date edge");
}

function isDropped(name: string, value: string, permissions: readonly string[]): boolean {
  if (isListName(name)) {
    const path = /^_(?:aggs|histogram)\.(.*)$/.exec(name)?.[1]?.split(".") ?? [];
    const isHidden = (one: string) =>
      permissions.length === 0 &&
      (fieldNamed(one.replace(/^-|^_(?:cardinality|histogram)\./, ""))?.permissions.length ?? 0) > 0;
    return (
      path.some((one) => !isField(one) || isHidden(one)) ||
      (name.startsWith("_histogram.") && !isField(name)) ||
      !isField(value, name === "_sort") ||
      isHidden(value)
    );
  }
  return !name.startsWith("_") && fieldNamed(name) === undefined;
}
