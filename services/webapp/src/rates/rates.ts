import type { Records } from "@mayday/records";
import { parseSuperSearch, type SearchResult, termsOf } from "@mayday/search";
import type { Query } from "../data/ask.ts";
import type { WebappParts } from "../parts.ts";
import { type Rate, rateOf, type SampledCount } from "./rate.ts";

/** Of what crashes are counted; what is absent is not told apart. */
export interface RatesOf {
  readonly product: string;
  /** All versions when absent or empty. */
  readonly versions?: readonly string[] | undefined;
  readonly channel?: string | undefined;
  readonly platform?: string | undefined;
  readonly source: "report" | "ping";
  /** Days that are over, the last one yesterday. */
  readonly days: number;
  /** This one alone; all, by how often they are, when absent. */
  readonly signature?: string | undefined;
  readonly size: number;
  /** What crashes are counted of besides, in the search language: use is not told apart by it. */
  readonly filters?: Query;
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

/** How much a product was used on days that are over. */
export interface Use {
  /** The days, the first one first; `YYYY-MM-DD`. */
  readonly span: readonly string[];
  /** Those of which the use is known. */
  readonly known: ReadonlySet<string>;
  /** Of the known days; null where none is. */
  readonly hours: number | null;
  readonly missingDays: readonly string[];
}

/** The use of what rates are asked of. A day counts as known where it is of every version that is asked for. */
export async function useOf(records: Pick<Records, "usage">, of: RatesOf, now: Date): Promise<Use> {
  const { product, channel, platform, versions = [] } = of;
  const today = todayOf(now);
  const span = Array.from({ length: of.days }, (_, ago) => dayText(today - (of.days - ago) * DAY_MS));
  const days = { from: span[0] ?? dayText(today), to: span.at(-1) ?? dayText(today) };
  const asked = versions.length === 0 ? [undefined] : versions;
  const each = await Promise.all(
    asked.map((version) => records.usage.hours({ product, version, channel, platform, ...days })),
  );
  const known = span.filter((day) => each.every((byDay) => (byDay.get(day) ?? 0) > 0));
  const hours = known.reduce(
    (sum, day) => sum + each.reduce((all, byDay) => all + (byDay.get(day) ?? 0), 0),
    0,
  );
  const isKnown = new Set(known);
  return {
    span,
    known: isKnown,
    hours: known.length === 0 ? null : hours,
    missingDays: span.filter((day) => !isKnown.has(day)),
  };
}

type RateParts = Pick<WebappParts, "engine" | "search" | "now"> & { records: Pick<Records, "usage"> };

/**
 * Crashes for each 1,000 hours of use, by signature. Only days of which the use is known count, for crashes as for hours:
 * a day without is missing, and not one without use.
 */
export async function ratesOf(parts: RateParts, of: RatesOf): Promise<Rates> {
  return ratesGiven(parts, of, await useOf(parts.records, of, parts.now()));
}

/** {@link ratesOf}, of a use that is known already. */
export async function ratesGiven(
  { engine, search, now }: Omit<RateParts, "records">,
  of: RatesOf,
  { span, known, hours, missingDays }: Use,
): Promise<Rates> {
  const today = dayText(todayOf(now()));
  const ask = (more: Query): Promise<SearchResult> =>
    engine.search(
      parseSuperSearch(
        [
          ["product", `=${of.product}`],
          ...(of.versions ?? []).map((version) => ["version", `=${version}`] as const),
          ...only("release_channel", of.channel),
          ...only("platform", of.platform),
          ...only("signature", of.signature),
          ...(of.filters ?? []),
          ["source", of.source],
          ["date", `>=${span[0] ?? today}`],
          ["date", `<${today}`],
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
  const weights = new Map(termsOf(weighted, "signature").map((term) => [term.term, inDays(term, known)]));
  const signatures = termsOf(plain, "signature").map((term): SignatureRate => {
    // Where no use is known at all the counts are told, of all days.
    const count = hours === null ? term.count : inDays(term, known);
    const stands = hours === null ? count : (weights.get(term.term) ?? count);
    return {
      signature: String(term.term),
      count,
      weighted: stands,
      rate: rateOf(atWorst(count, stands), hours ?? undefined) ?? null,
    };
  });
  return { hours, missingDays, signatures: signatures.toSorted((a, b) => b.weighted - a.weighted) };
}

const todayOf = (now: Date): number => Date.parse(now.toISOString().slice(0, 10));

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

const only = (name: string, value: string | undefined): Query =>
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
