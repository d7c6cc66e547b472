import type { Records } from "@mayday/records";
import { parseSuperSearch, type SearchResult, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { type Rate, rateOf, type SampledCount } from "./rate.ts";

/** Of what crashes are counted; what is absent is not told apart. */
export interface RatesOf {
  readonly product: string;
  readonly version?: string | undefined;
  readonly channel?: string | undefined;
  readonly platform?: string | undefined;
  readonly source: "report" | "ping";
  /** Days that are over, the last one yesterday. */
  readonly days: number;
  /** This one alone; all, by how often they are, when absent. */
  readonly signature?: string | undefined;
  readonly size: number;
}

interface SignatureRate {
  readonly signature: string;
  /** Crashes that are there. */
  readonly count: number;
  /** What they stand for, where a share of them was kept. */
  readonly weighted: number;
  /** Null where the use is not known. */
  readonly rate: Rate | null;
}

export interface Rates {
  readonly hours: number | null;
  /** Days of the span of which no use is known: their crashes are not counted in rates. */
  readonly missingDays: readonly string[];
  readonly signatures: readonly SignatureRate[];
}

const DAY_MS = 86_400_000;

/**
 * Crashes for each 1,000 hours of use, by signature. Only days of which the use is known count, for crashes as for hours:
 * a day without is missing, and not one without use.
 */
export async function ratesOf(
  {
    engine,
    search,
    now,
    records,
  }: Pick<WebappParts, "engine" | "search" | "now"> & { records: Pick<Records, "usage"> },
  of: RatesOf,
): Promise<Rates> {
  const today = Date.parse(now().toISOString().slice(0, 10));
  const span = Array.from({ length: of.days }, (_, ago) => dayText(today - (of.days - ago) * DAY_MS));
  const from = span[0] ?? dayText(today);
  const to = span.at(-1) ?? dayText(today);
  const { product, version, channel, platform } = of;
  const byDay = await records.usage.hours({ product, version, channel, platform, from, to });
  const known = span.filter((day) => (byDay.get(day) ?? 0) > 0);
  const hours = known.reduce((sum, day) => sum + (byDay.get(day) ?? 0), 0);
  const ask = (more: readonly (readonly [string, string])[]): Promise<SearchResult> =>
    engine.search(
      parseSuperSearch(
        [
          ["product", `=${product}`],
          ...only("version", version),
          ...only("release_channel", channel),
          ...only("platform", platform),
          ...only("signature", of.signature),
          ["source", of.source],
          ["date", `>=${from}`],
          ["date", `<${dayText(today)}`],
          ["_facets", "signature"],
          ["_facets_size", String(of.size)],
          ["_results_number", "0"],
          ["_aggs.signature", "_histogram.date"],
          ...more,
        ],
        { ...search, now: now() },
      ),
    );
  const [plain, weighted] = await Promise.all([ask([]), ask([["_weights", "1"]])]);
  const isKnown = new Set(known);
  const weights = new Map(termsOf(weighted, "signature").map((term) => [term.term, inDays(term, isKnown)]));
  const signatures = termsOf(plain, "signature").map((term): SignatureRate => {
    // Where no use is known at all the counts are told, of all days.
    const count = known.length === 0 ? term.count : inDays(term, isKnown);
    const stands = known.length === 0 ? count : (weights.get(term.term) ?? count);
    return {
      signature: String(term.term),
      count,
      weighted: stands,
      rate: rateOf(atWorst(count, stands), hours) ?? null,
    };
  });
  const byRate = signatures.toSorted((a, b) => b.weighted - a.weighted);
  return {
    hours: known.length === 0 ? null : hours,
    missingDays: span.filter((day) => !isKnown.has(day)),
    signatures: byRate,
  };
}

/** Of a larger share nobody keeps less. */
const LARGEST_WEIGHT = 10;

/**
 * Counts by weight that give such sums: the index knows the sums alone. Of all such these have the widest interval, where
 * one in ten is the least that is kept.
 */
export function atWorst(count: number, weighted: number): readonly SampledCount[] {
  if (count === 0) return [];
  const largest = Math.max(LARGEST_WEIGHT, weighted / count);
  const sampled = (weighted - count) / (largest - 1);
  return [
    { count: count - sampled, weight: 1 },
    ...(sampled > 0 ? [{ count: sampled, weight: largest }] : []),
  ];
}

const only = (name: string, value: string | undefined): (readonly [string, string])[] =>
  value === undefined ? [] : [[name, `=${value}`]];

const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function inDays({ facets = {} }: ReturnType<typeof termsOf>[number], days: ReadonlySet<string>): number {
  const histogram = facets["histogram_date"];
  if (histogram === undefined || "value" in histogram) return 0;
  return histogram.reduce(
    (sum, { term, count }) => sum + (days.has(String(term).slice(0, 10)) ? count : 0),
    0,
  );
}
