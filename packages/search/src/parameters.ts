import { fieldNamed } from "./fields.ts";

/** Values by parameter, in their order. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** A list's values without what a form sends for a box left empty. */
export const listed = (given: Parameters, name: string): readonly string[] =>
  (given.get(name) ?? []).filter((value) => value !== "");

/** Whether a value names an aggregation of a field: Crash Stats takes these for known wherever fields are listed. */
export function isAggregation(name: string): boolean {
  const parts = /^_(cardinality|histogram)\.(.+)$/.exec(name);
  const field = parts === null ? undefined : fieldNamed(parts[2]!);
  return (
    field !== undefined && (parts![1] === "cardinality" || ["date", "integer", "float"].includes(field.query))
  );
}
