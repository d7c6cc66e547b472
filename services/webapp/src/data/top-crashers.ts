import type { FirstSeen, Trend } from "@mayday/records";
import { type Facets, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import type { Rate } from "../rates/rate.ts";
import { type RatesOf, ratesGiven, type Use, useOf } from "../rates/rates.ts";
import { type ShareChange, shareChange } from "../view/share-change.ts";
import { type SeenVersion, versionBefore } from "../view/versions.ts";
import { lastOf } from "./address.ts";
import { ask, daysBefore, exactly, perDay, type Query } from "./ask.ts";
import { bucketsOf, numberOf } from "./buckets.ts";
import { versionsSeen } from "./product-versions.ts";

/** Of what crashes are counted. */
export const crashSources = ["report", "ping", "both"] as const;
export type CrashSource = (typeof crashSources)[number];

/** The source that an address names. */
export function sourceIn(parameters: Query): CrashSource {
  const named = lastOf(parameters, "source");
  return crashSources.find((one) => one === named) ?? "report";
}

/** What the list is of. Values as the page's address has them; `any` for no filter. */
export interface TopCrashersQuery {
  readonly product: string;
  readonly versions: readonly string[];
  readonly days: number;
  readonly processType: string;
  readonly platform: string;
  readonly reportType: string;
  readonly source: CrashSource;
  /** What they are listed by: crashes that are there, or the rate of all that these stand for. */
  readonly order: "count" | "rate";
  /** How many signatures. */
  readonly size: number;
}

export interface TopCrasher {
  readonly rank: number;
  readonly signature: string;
  readonly count: number;
  /** How many crashes those stand for, where a share of them was kept. */
  readonly weighted: number;
  /** Of full days; undefined where the use is not known. */
  readonly rate: Rate | undefined;
  /** Of all crashes that the filters leave, from 0 to 1. */
  readonly share: number;
  /** Its rank in the time before; undefined when it was not among those. */
  readonly rankBefore: number | undefined;
  /** By day, the last one today. */
  readonly trend: readonly number[];
  readonly platforms: readonly { readonly term: string; readonly count: number }[];
  readonly installs: number;
  /** Share of crashes while the product started. */
  readonly startup: number;
  readonly hangs: number;
  readonly garbageCollecting: number;
  readonly firstSeen: FirstSeen | undefined;
  readonly bugs: readonly string[];
  /** What became of it in the product, by the source that is shown. */
  readonly trends: readonly Trend[];
  /** Against the version before; undefined where there is none. */
  readonly change: ShareChange | undefined;
}

export interface TopCrashers {
  readonly total: number;
  readonly listed: readonly TopCrasher[];
  /** How many signatures there are in all. */
  readonly versions: readonly SeenVersion[];
  readonly versionBefore: string | undefined;
  readonly totalBefore: number;
  readonly use: Use;
}

export const TREND_DAYS = 14;

/** Asks for all that the page shows; what hangs on the versions or the use, once those are known. */
export async function topCrashers(parts: WebappParts, query: TopCrashersQuery): Promise<TopCrashers> {
  const now = parts.now();
  const filters = filtersOf(query);
  const size = (factor: number): Query => [
    ["_facets", "signature"],
    ["_facets_size", String(query.size * factor)],
    ["_results_number", "0"],
  ];
  const within: Query = [
    "platform",
    "startup_crash",
    "report_type",
    "is_garbage_collecting",
    "_cardinality.install_time",
  ].map((name) => ["_aggs.signature", name] as const);
  const byWeight: Query = query.order === "rate" ? [["_weights", "1"]] : [];
  const [current, weights, { use, rates }, earlier, trends, { versions, before, previous }] =
    await Promise.all([
      ask(parts, [...filters, ...daysBefore(query.days, now), ...size(1), ...within]),
      ask(parts, [...filters, ...daysBefore(query.days, now), ...size(2), ["_weights", "1"]]),
      ratesOf(parts, query),
      ask(parts, [...filters, ...daysBefore(query.days, now, query.days), ...size(2), ...byWeight]),
      ask(parts, [
        ...filters,
        ...daysBefore(TREND_DAYS, now),
        ...size(2),
        ["_aggs.signature", "_histogram.date"],
      ]),
      versionsOf(parts, query, size(4)),
    ]);
  const ranksBefore = new Map(termsOf(earlier, "signature").map(({ term }, rank) => [term, rank + 1]));
  const daily = new Map(termsOf(trends, "signature").map(({ term, facets }) => [term, facets]));
  const countsBefore = new Map(
    previous === undefined ? [] : termsOf(previous, "signature").map(({ term, count }) => [term, count]),
  );
  const known = await recordsOf(
    parts,
    query.product,
    termsOf(current, "signature").map(({ term }) => String(term)),
  );
  const stands = new Map(termsOf(weights, "signature").map(({ term, count }) => [term, count]));
  const rateOf = new Map(rates?.signatures.map(({ signature, rate }) => [signature, rate ?? undefined]));
  const byCount = termsOf(current, "signature").map(
    ({ term, count, facets = {} }, index): TopCrasher => ({
      rank: index + 1,
      signature: String(term),
      count,
      weighted: stands.get(term) ?? count,
      rate: rateOf.get(String(term)),
      share: count / Math.max(current.total, 1),
      rankBefore: ranksBefore.get(term),
      trend: perDay(bucketsOf(daily.get(term), "histogram_date"), TREND_DAYS, now),
      platforms: bucketsOf(facets, "platform").map((one) => ({ term: String(one.term), count: one.count })),
      installs: numberOf(facets, "cardinality_install_time"),
      startup: countOf(facets, "startup_crash", "T") / count,
      hangs: countOf(facets, "report_type", "hang") / count,
      garbageCollecting: countOf(facets, "is_garbage_collecting", "T") / count,
      firstSeen: known.seen.get(String(term)),
      bugs: known.bugs.get(String(term)) ?? [],
      trends: known.trends.filter(
        ({ signature, source }) => signature === term && (query.source === "both" || query.source === source),
      ),
      change:
        previous === undefined
          ? undefined
          : shareChange(count, current.total, countsBefore.get(term) ?? 0, previous.total),
    }),
  );
  return {
    total: current.total,
    listed: query.order === "rate" ? byRate(byCount) : byCount,
    versions,
    versionBefore: before?.version,
    totalBefore: earlier.total,
    use,
  };
}

async function ratesOf(parts: WebappParts, query: TopCrashersQuery) {
  const use = await useWhereKnown(parts, rateQuery(query));
  return { use, rates: use.hours === null ? undefined : await ratesGiven(parts, rateQuery(query), use) };
}

/** The product's versions, and the crashes of the one before the one that is asked for, if it is one. */
async function versionsOf(parts: WebappParts, query: TopCrashersQuery, signatures: Query) {
  const versions = await versionsSeen(parts, query.product, query.source);
  const chosen = versions.find(({ version }) => query.versions.length === 1 && version === query.versions[0]);
  const before = chosen === undefined ? undefined : versionBefore(chosen, versions);
  if (before === undefined) return { versions, before, previous: undefined };
  const previous = await ask(parts, [
    ...filtersOf({ ...query, versions: [before.version] }),
    ...daysBefore(4 * query.days, parts.now()),
    ...signatures,
  ]);
  return { versions, before, previous };
}

/** The use; a page does without it where the records are away. */
export async function useWhereKnown({ records, log, now }: WebappParts, of: RatesOf): Promise<Use> {
  try {
    return await useOf(records, of, now());
  } catch (error) {
    log.warn({ err: error }, "a page goes without use");
    return { span: [], known: new Set(), hours: null, missingDays: [] };
  }
}

/** By rate, those without one by what they stand for behind them. */
function byRate(crashers: readonly TopCrasher[]): TopCrasher[] {
  return crashers
    .toSorted((a, b) => (b.rate?.rate ?? -1) - (a.rate?.rate ?? -1) || b.weighted - a.weighted)
    .map((crasher, index) => ({ ...crasher, rank: index + 1 }));
}

/** What rates are asked of for the list. Where it is of both sources they are the pings': of those none is left out. */
function rateQuery(query: TopCrashersQuery): RatesOf {
  return {
    product: query.product,
    versions: query.versions,
    platform: query.platform === "any" ? undefined : query.platform,
    filters: [...processOf(query), ...filter("report_type", query.reportType)],
    source: query.source === "report" ? "report" : "ping",
    days: query.days,
    size: 2 * query.size,
  };
}

/** What the records know of signatures; a page does without them. */
async function recordsOf({ records, log }: WebappParts, product: string, signatures: readonly string[]) {
  try {
    const [seen, links, trends] = await Promise.all([
      records.signatures.get(signatures),
      records.bugs.bySignatures(signatures),
      records.trends.list({ product, signatures }),
    ]);
    const bugs = new Map<string, string[]>();
    for (const { signature, bug } of links) bugs.set(signature, [...(bugs.get(signature) ?? []), bug]);
    return { seen: new Map(seen.map((one) => [one.signature, one])), bugs, trends };
  } catch (error) {
    log.warn({ err: error }, "the top crashers go without records");
    return { seen: new Map<string, FirstSeen>(), bugs: new Map<string, string[]>(), trends: [] };
  }
}

/** The query's filters in the search language; dates are not among them. */
function filtersOf(query: TopCrashersQuery): Query {
  return [
    ["source", query.source],
    ...filter("product", query.product),
    ...query.versions.map((version) => ["version", exactly(version)] as const),
    ...processOf(query),
    ...filter("platform", query.platform),
    ...filter("report_type", query.reportType),
  ];
}

const filter = (name: string, value: string): Query =>
  value === "any" || value === "" ? [] : [[name, exactly(value)]];

function processOf({ processType }: TopCrashersQuery): Query {
  return processType === "other"
    ? [
        ["process_type", "!=parent"],
        ["process_type", "!=content"],
      ]
    : filter("process_type", processType);
}

function countOf(facets: Facets, name: string, term: string): number {
  return bucketsOf(facets, name).find((bucket) => String(bucket.term) === term)?.count ?? 0;
}
