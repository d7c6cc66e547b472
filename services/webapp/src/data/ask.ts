import { parseSuperSearch, type SearchResult } from "@mayday/search";
import type { WebappParts } from "../parts.ts";

/** Parameters in the search language, in their order; a name may stand several times. */
export type Query = readonly (readonly [name: string, value: string])[];

/** Asks the search engine. @throws MaydayError SEARCH_BAD_PARAMETER, SEARCH_UNAVAILABLE */
export function ask({ engine, search, now }: WebappParts, query: Query): Promise<SearchResult> {
  return engine.search(parseSuperSearch(query, { ...search, now: now() }));
}

const DAY_MS = 86_400_000;

/** The bounds of a span of so many days that ends so many days ago. */
export function daysBefore(days: number, now: Date, endedDaysAgo = 0): Query {
  const at = (ago: number) => new Date(now.getTime() - ago * DAY_MS).toISOString();
  return [
    ["date", `>=${at(endedDaysAgo + days)}`],
    // A span that reaches to now holds what came this very moment; two that meet share nothing.
    ["date", `${endedDaysAgo === 0 ? "<=" : "<"}${at(endedDaysAgo)}`],
  ];
}

/** Exactly this value, whatever signs it begins with. */
export const exactly = (value: string): string => `=${value}`;

/** The value that a filter asks for exactly; undefined where it asks for others, as `!` and `>=` do. */
export function valueAsked(value: string): string | undefined {
  return /^[!~^$@<>_]/.test(value) ? undefined : value.replace(/^=/, "");
}

/** The days of a histogram as numbers, one for each day of the span, the last one today. */
export function perDay(
  buckets: readonly { readonly term: unknown; readonly count: number }[],
  days: number,
  now: Date,
): number[] {
  const counts = new Map(buckets.map(({ term, count }) => [String(term).slice(0, 10), count]));
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(now.getTime() - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return counts.get(day) ?? 0;
  });
}
