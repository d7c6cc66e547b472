import type { SearchDocument } from "./document.ts";
import type { FieldElement, FieldName, FieldValue } from "./fields.ts";
import type { QueryPlan } from "./query-plan.ts";

/** One crash found: every column that was asked for, null where the crash lacks it. */
export type Hit = Readonly<Record<FieldName, FieldValue | null>>;

/** The crashes of one value, or of one interval, which is named by its beginning. */
export interface FacetTerm {
  /** `T` or `F` of a boolean. */
  readonly term: Exclude<FieldElement, boolean>;
  readonly count: number;
  /** What was asked for within; absent when nothing was. */
  readonly facets?: Facets;
}

/** By name: the terms of a field by count descending, ties ascending; the intervals of a histogram in order; or a number. */
export type Facets = Readonly<Record<string, readonly FacetTerm[] | { readonly value: number }>>;

/** The answer to a search, in the shape of Super Search's response body. */
export interface SearchResult {
  readonly hits: readonly Hit[];
  /** Exact, however few hits were asked for. */
  readonly total: number;
  /** There when total and counts are weighted: each crash by one over the share of such reports that the collector keeps. */
  readonly weights?: true;
  readonly facets: Facets;
  /** What part of the answer is missing and why; empty when the answer is whole. */
  readonly errors: readonly { readonly type: string; readonly [detail: string]: unknown }[];
}

/** The terms of a facet that the plan asked for. */
export function termsOf(result: SearchResult, name: string): readonly FacetTerm[] {
  const facet = result.facets[name];
  return facet === undefined || "value" in facet ? [] : facet;
}

/**
 * A search index. Its promises are the suite in `@mayday/search/conformance`; every method rejects with a
 * `MaydayError` SEARCH_UNAVAILABLE when the engine behind it cannot do its work.
 */
export interface SearchEngine {
  /**
   * Puts the documents into the index: all or none. When the promise is fulfilled they are durable and every
   * later search sees them. A crash id that is there already is replaced; among equals the last one wins.
   */
  add(documents: readonly SearchDocument[]): Promise<void>;
  search(plan: QueryPlan): Promise<SearchResult>;
  /** Which of these crashes, or pings, the index holds, of whatever date. */
  has(ids: readonly string[]): Promise<Set<string>>;
  /**
   * Reports of which the index holds a document of an earlier version, of whatever date, in the order of their ids.
   * @param after only those behind this id; all for an empty text
   * @param most at most 10,000
   */
  outdated(version: number, after: string, most: number): Promise<string[]>;
  /** Takes crashes out of the index, of whatever date; those that are not in it are fine. */
  remove(ids: readonly string[]): Promise<void>;
  /** Fulfilled when the engine can answer a query right now: what a health route asks. */
  check(): Promise<void>;
  /** Lets go of everything, after the work under way is done. Later calls reject. */
  close(): Promise<void>;
}
