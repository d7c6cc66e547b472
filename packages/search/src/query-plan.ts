import type { FieldName, FieldValue } from "./fields.ts";

/** One end of the date range. `at` is `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`, always UTC, so texts compare as times. */
export interface DateBound {
  readonly at: string;
  readonly inclusive: boolean;
}

/** What one value of a field is held against. A crash without the field meets `missing` and nothing else. */
export type Condition =
  | { readonly op: "equals"; readonly value: FieldValue }
  | { readonly op: "starts-with"; readonly value: string }
  | { readonly op: ">" | ">=" | "<" | "<="; readonly value: number }
  | { readonly op: "missing" };

/**
 * What a crash must fulfil in one field: any of `anyOf` (when there are some), all of `allOf`, and none of
 * `noneOf`. A crash without the field passes `noneOf` conditions other than `missing`.
 */
export interface FieldFilter {
  readonly field: FieldName;
  readonly anyOf: readonly Condition[];
  readonly allOf: readonly Condition[];
  readonly noneOf: readonly Condition[];
}

export interface SortKey {
  readonly field: FieldName;
  readonly descending: boolean;
}

/** A search, free of any engine's language, and plain JSON so that it can travel. Filters are joined by AND. */
export interface QueryPlan {
  readonly from: DateBound;
  readonly to: DateBound;
  readonly filters: readonly FieldFilter[];
  readonly columns: readonly FieldName[];
  /** Crashes without the field come last. Ties, and no sort at all, are ordered newest first, then by uuid. */
  readonly sort: readonly SortKey[];
  readonly facets: readonly FieldName[];
  /** Terms per facet; 0 asks for no facets. */
  readonly facetsSize: number;
  /** How many hits, 0 for none. */
  readonly limit: number;
  readonly offset: number;
}
