import type { CrashId } from "@mayday/crash";
import type { SearchDocument } from "./document.ts";
import type { FieldName, FieldValue } from "./fields.ts";
import type { QueryPlan } from "./query-plan.ts";

/** One crash found: every column that was asked for, null where the crash lacks it. */
export type Hit = Readonly<Partial<Record<FieldName, FieldValue | null>>>;

export interface FacetTerm {
  readonly term: FieldValue;
  readonly count: number;
}

/** The answer to a search, in the shape of Super Search's response body. */
export interface SearchResult {
  readonly hits: readonly Hit[];
  /** Exact, however few hits were asked for. */
  readonly total: number;
  /** By field: terms by count descending, ties by term ascending. Empty when the plan's `facetsSize` is 0. */
  readonly facets: Readonly<Partial<Record<FieldName, readonly FacetTerm[]>>>;
  /** What part of the answer is missing and why; empty when the answer is whole. */
  readonly errors: readonly { readonly type: string; readonly [detail: string]: unknown }[];
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
  /** Which of these crashes the index holds, of whatever date. */
  has(ids: readonly CrashId[]): Promise<Set<CrashId>>;
  /** Fulfilled when the engine can answer a query right now: what a health route asks. */
  check(): Promise<void>;
  /** Lets go of everything, after the work under way is done. Later calls reject. */
  close(): Promise<void>;
}
