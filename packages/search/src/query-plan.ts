import type { FieldElement, FieldName } from "./fields.ts";

/** What one field of a crash is held against. A crash without the field meets `missing` and nothing else. */
export type Condition =
  /** The crash lacks the field; an empty string is a value. */
  | { readonly op: "missing"; readonly field: FieldName }
  /** Any of these words (small letters) is among the field's: of `text` and `semicolons` fields. */
  | { readonly op: "words"; readonly field: FieldName; readonly words: readonly string[] }
  /** A whole value, or an element of a `semicolons` field, is this one. */
  | { readonly op: "equals"; readonly field: FieldName; readonly value: FieldElement }
  /** A whole value (or element) is of this shape: `*` stands for anything, `?` for one character, `\` takes the next as it is. */
  | { readonly op: "like"; readonly field: FieldName; readonly pattern: string }
  /** A whole value (or element) matches this regular expression of Lucene's. */
  | { readonly op: "matches"; readonly field: FieldName; readonly expression: string }
  | {
      readonly op: ">" | ">=" | "<" | "<=";
      readonly field: FieldName;
      /** Of dates `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`: texts compare as times. */
      readonly value: number | bigint | string;
    };

/** What a crash must be like. `any` of nothing holds for no crash, `all` of nothing for each. */
export type Filter =
  | Condition
  | { readonly op: "all"; readonly of: readonly Filter[] }
  | { readonly op: "any"; readonly of: readonly Filter[] }
  | { readonly op: "not"; readonly of: Filter };

/** What documents are of: crash reports, or crash pings. */
export type Source = "report" | "ping";

export interface SortKey {
  readonly field: FieldName;
  readonly descending: boolean;
}

export type CalendarInterval = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

/** Buckets, or a number, under one name of the answer. */
export type Aggregation =
  /** A bucket per value of the field, the most frequent first. */
  | { readonly kind: "terms"; readonly field: FieldName; readonly within: readonly Aggregation[] }
  /** A bucket per interval of time, named by its beginning. */
  | {
      readonly kind: "dates";
      readonly field: FieldName;
      readonly interval: CalendarInterval;
      readonly within: readonly Aggregation[];
    }
  /** A bucket per interval of numbers, named by its lower bound. */
  | {
      readonly kind: "numbers";
      readonly field: FieldName;
      readonly interval: number;
      readonly within: readonly Aggregation[];
    }
  /** How many values there are. */
  | { readonly kind: "cardinality"; readonly field: FieldName };

/** A search, free of any engine's language. */
export interface QueryPlan {
  /** The weeks to be searched (`YYYYWW`), undefined for all there are. */
  readonly weeks: readonly string[] | undefined;
  /** What is searched; reports alone when absent. */
  readonly sources?: readonly Source[];
  readonly filter: Filter;
  readonly columns: readonly FieldName[];
  /** Crashes without the field come last. Ties, and no sort at all, are ordered newest first, then by uuid. */
  readonly sort: readonly SortKey[];
  readonly aggregations: readonly Aggregation[];
  /** Terms per facet, at every level. */
  readonly facetsSize: number;
  /** How many terms of a facet are passed over, at the first level: within a bucket all begin with the most frequent. */
  readonly facetsOffset: number;
  /** How many hits, 0 for none. */
  readonly limit: number;
  readonly offset: number;
  /** Whether a crash counts for all that the collector did not keep in its place, in totals and facets. */
  readonly isWeighted: boolean;
  /** What times are told apart by, in sorts, facets and counts of values. Ranges are always exact. */
  readonly timeUnit: "microsecond" | "millisecond";
}

/** An aggregation's name in the answer. */
export function nameOf(aggregation: Aggregation): string {
  switch (aggregation.kind) {
    case "terms":
      return aggregation.field;
    case "cardinality":
      return `cardinality_${aggregation.field}`;
    default:
      return `histogram_${aggregation.field}`;
  }
}

/** The conditions of a filter, at whatever depth. */
export function conditionsOf(filter: Filter): readonly Condition[] {
  switch (filter.op) {
    case "all":
    case "any":
      return filter.of.flatMap(conditionsOf);
    case "not":
      return conditionsOf(filter.of);
    default:
      return [filter];
  }
}

/** The fields of aggregations, at whatever depth. */
export function aggregatedFields(aggregations: readonly Aggregation[]): readonly FieldName[] {
  return aggregations.flatMap((aggregation) =>
    aggregation.kind === "cardinality"
      ? [aggregation.field]
      : [aggregation.field, ...aggregatedFields(aggregation.within)],
  );
}
