import type { Logger } from "@mayday/observability";
import type { Records, Trend } from "@mayday/records";
import { parseSuperSearch, type SearchEngine, termsOf } from "@mayday/search";
import { judge, RECENT_DAYS } from "./baseline.ts";

export interface TrendsParts {
  readonly engine: Pick<SearchEngine, "search">;
  readonly trends: Pick<Records["trends"], "put" | "forgetBefore">;
  readonly log: Logger;
  readonly now: () => Date;
}

type Query = readonly (readonly [string, string])[];

const DAY_MS = 86_400_000;
/** Eight weeks before the day that is judged. */
const DAYS = 57;
const MOST_PRODUCTS = 10;
/** Signatures of a product and source, the most frequent of all days, and of the last ones. */
const MOST_SIGNATURES = 1000;
const ASKED_AT_ONCE = 50;
/** A trend that pauses for less is the same trend. */
const KEPT_DAYS = 3;

/** Looks which signatures are new, rising or gone by the last full day, and notes it. @returns how many are */
export async function findTrends(parts: TrendsParts, signal?: AbortSignal): Promise<number> {
  const { trends, log, now } = parts;
  const today = Date.parse(dayText(now().getTime()));
  let found = 0;
  for (const source of ["report", "ping"] as const) {
    const products = await ask(parts, source, span(today, DAYS), [["_facets", "product"]], MOST_PRODUCTS);
    for (const { term } of termsOf(products, "product")) {
      if (signal?.aborted) return found;
      const ofProduct = await trendsOf(parts, source, String(term), today);
      await trends.put(ofProduct);
      found += ofProduct.length;
    }
  }
  await trends.forgetBefore(dayText(today - KEPT_DAYS * DAY_MS));
  log.info({ trends: found }, "looked for trends");
  return found;
}

async function trendsOf(
  parts: TrendsParts,
  source: Trend["source"],
  product: string,
  today: number,
): Promise<Trend[]> {
  const of: Query = [["product", `=${product}`]];
  const [all, days] = [span(today, DAYS), [["_aggs.signature", "_histogram.date"]] as const];
  const [whole, plain, weighted, recent] = await Promise.all([
    ask(parts, source, [...of, ...all], [["_facets", "_histogram.date"]], 1),
    ask(parts, source, [...of, ...all], [["_facets", "signature"]], MOST_SIGNATURES),
    ask(
      parts,
      source,
      [...of, ...all, ["_weights", "1"]],
      [["_facets", "signature"], ...days],
      MOST_SIGNATURES,
    ),
    ask(parts, source, [...of, ...span(today, RECENT_DAYS)], [["_facets", "signature"]], MOST_SIGNATURES),
  ]);
  const begins = dayIndexOfFirst(bucketsOf(whole.facets["histogram_date"]), today);
  const counts = new Map(termsOf(plain, "signature").map(({ term, count }) => [String(term), count]));
  const known = new Map(termsOf(weighted, "signature").map((term) => [String(term.term), term]));
  // Rare ones of all days that are frequent now are asked for by name: not to be among the first is not to be new.
  const others = termsOf(recent, "signature")
    .map(({ term }) => String(term))
    .filter((name) => !known.has(name));
  for (let at = 0; at < others.length; at += ASKED_AT_ONCE) {
    const names = others.slice(at, at + ASKED_AT_ONCE).map((name) => ["signature", `=${name}`] as const);
    const scope: Query = [...of, ...all, ...names];
    const [some, stands] = await Promise.all([
      ask(parts, source, scope, [["_facets", "signature"]], ASKED_AT_ONCE),
      ask(parts, source, [...scope, ["_weights", "1"]], [["_facets", "signature"], ...days], ASKED_AT_ONCE),
    ]);
    for (const { term, count } of termsOf(some, "signature")) counts.set(String(term), count);
    for (const term of termsOf(stands, "signature")) known.set(String(term.term), term);
  }
  const day = dayText(today - DAY_MS);
  return [...known].flatMap(([signature, { count, facets }]) => {
    const perDay = inDays(bucketsOf(facets?.["histogram_date"]), today).slice(begins);
    const weight = Math.max(1, count / (counts.get(signature) ?? count));
    const judged = judge({ counts: perDay, weight });
    return judged === undefined ? [] : [{ product, source, signature, day, ...judged }];
  });
}

async function ask(
  { engine, now }: TrendsParts,
  source: string,
  filters: Query,
  facets: Query,
  size: number,
) {
  return engine.search(
    parseSuperSearch(
      [["source", source], ...filters, ...facets, ["_facets_size", String(size)], ["_results_number", "0"]],
      { now: now() },
    ),
  );
}

/** Full days, the last one yesterday. */
function span(today: number, days: number): Query {
  return [
    ["date", `>=${dayText(today - days * DAY_MS)}`],
    ["date", `<${dayText(today)}`],
  ];
}

interface Bucket {
  readonly term: unknown;
  readonly count: number;
}

const bucketsOf = (facet: unknown): readonly Bucket[] => (Array.isArray(facet) ? facet : []);

function inDays(buckets: readonly Bucket[], today: number): number[] {
  const counts = new Map(buckets.map(({ term, count }) => [String(term).slice(0, 10), count]));
  return Array.from({ length: DAYS }, (_, at) => counts.get(dayText(today - (DAYS - at) * DAY_MS)) ?? 0);
}

/** Before it there is no data of the product, which is not the same as no crashes. */
function dayIndexOfFirst(buckets: readonly Bucket[], today: number): number {
  const first = inDays(buckets, today).findIndex((count) => count > 0);
  return first === -1 ? DAYS : first;
}

const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
