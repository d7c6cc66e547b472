import { type FieldName, knownField, type Mapping, type SearchField, searchFields } from "../fields.ts";
import type { QueryPlan } from "../query-plan.ts";

/** How many reports a crash stands for. */
export const WEIGHT = "weight_of_crash";

/** Of the document: see `SearchDocument.version`. */
export const MADE_AS = "made_as_of_crash";
export const madeAs = { [MADE_AS]: { type: "integer" } };

const whole = { type: "keyword", ignore_above: 32_766 };

const typeOf: Record<Mapping, object> = {
  keyword: whole,
  text: { type: "text", fields: { full: whole } },
  semicolons: { type: "text", analyzer: "semicolon_keywords", fielddata: true, fields: { full: whole } },
  long: { type: "long" },
  integer: { type: "integer" },
  short: { type: "short" },
  double: { type: "double" },
  boolean: { type: "boolean" },
  // As text it has microseconds, and as a time milliseconds, as Crash Stats has it.
  date: { type: "date_nanos", fields: { full: { type: "keyword" }, ms: { type: "date" } } },
};

/** What the index of one week is made with, and a version that grows with each change of it: see `migrate`. */
export interface WeekMapping {
  /** From 1. */
  readonly version: number;
  readonly index: { readonly settings: Readonly<Record<string, unknown>>; readonly mappings: object };
}

/** Nothing is indexed that is not named here. */
const weekIndex = {
  settings: {
    number_of_shards: 1,
    number_of_replicas: 0,
    "index.mapping.total_fields.limit": 1000,
    analysis: { analyzer: { semicolon_keywords: { type: "pattern", pattern: ";" } } },
  },
  mappings: {
    dynamic: false,
    properties: {
      ...Object.fromEntries(searchFields.map((field) => [field.name, typeOf[field.mapping]])),
      [WEIGHT]: { type: "double" },
      ...madeAs,
    },
  },
};

export const weekMapping: WeekMapping = { version: 1, index: weekIndex };

/** Where the index keeps a field's whole values. */
export function wholeName(field: SearchField): string {
  return field.mapping === "text" ? `${field.name}.full` : field.name;
}

/** Where values of a field are told apart: for sorts, terms and counts. */
export function termName(name: FieldName, { timeUnit }: Pick<QueryPlan, "timeUnit">): string {
  const field = knownField(name);
  if (field.mapping !== "date") return wholeName(field);
  return timeUnit === "millisecond" ? `${name}.ms` : `${name}.full`;
}
