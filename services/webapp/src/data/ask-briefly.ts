import type { SearchEngine, SearchResult } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { ask, daysBefore, type Query } from "./ask.ts";

/** How long an answer stands, ms. */
const LIFE_MS = 60_000;
/** Of fewer crashes the answer is quick, and somebody may wait for the first ones of a product. */
const LEAST_CRASHES = 20_000;
const MOST_ANSWERS = 200;

interface Answer {
  readonly at: number;
  readonly result: Promise<SearchResult>;
}

/** By engine, so that nothing is mistaken for another one's. */
const answers = new WeakMap<SearchEngine, Map<string, Answer>>();

/**
 * Asks the search engine about the days up to now, at most once a minute where the crashes are many: for what hardly
 * changes within a minute and nearly every page needs, as which versions there are.
 * @param query without dates @throws MaydayError SEARCH_BAD_PARAMETER, SEARCH_UNAVAILABLE
 */
export async function askBriefly(parts: WebappParts, query: Query, days: number): Promise<SearchResult> {
  const known = answers.get(parts.engine) ?? new Map<string, Answer>();
  answers.set(parts.engine, known);
  const now = parts.now();
  const key = JSON.stringify([query, days]);
  const before = known.get(key);
  if (before !== undefined && now.getTime() - before.at < LIFE_MS) return before.result;
  const result = ask(parts, [...query, ...daysBefore(days, now)]);
  known.delete(key);
  const [oldest] = known.keys();
  if (known.size >= MOST_ANSWERS && oldest !== undefined) known.delete(oldest);
  known.set(key, { at: now.getTime(), result });
  const forget = () => {
    if (known.get(key)?.result === result) known.delete(key);
  };
  try {
    const { total } = await result;
    if (total < LEAST_CRASHES) forget();
  } catch {
    forget();
  }
  return result;
}
