import { termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { type Rate, rateOf } from "../rates/rate.ts";
import { type RatesOf, ratesGiven, type Use } from "../rates/rates.ts";
import { ask, daysBefore, exactly, perDay, type Query, valueAsked } from "./ask.ts";
import { bucketsOf } from "./buckets.ts";
import type { SignatureQuery } from "./signature.ts";
import { useWhereKnown } from "./top-crashers.ts";

/** A signature's crashes as one source tells of them. */
export interface SourceSide {
  readonly count: number;
  /** How many crashes those stand for. */
  readonly weighted: number;
  /** Of full days; undefined where the use is not known. */
  readonly rate: Rate | undefined;
  /** By day, the last one today. */
  readonly perDay: readonly number[];
}

/** A stack of pings, and the reports that have the same. */
export interface StackOfBoth {
  readonly stack: string;
  readonly pings: number;
  readonly reports: number;
}

/** Pings and reports of one signature, side by side. */
export interface BothSources {
  readonly ping: SourceSide;
  readonly report: SourceSide;
  readonly stacks: readonly StackOfBoth[];
  /** Undefined where the use of what is shown cannot be told: of several products, or of all but a version. */
  readonly use: Use | undefined;
}

const STACKS = 5;

/**
 * What either source knows of a signature, the page's filters kept.
 * @param product that all the crashes are of; undefined where there are several. Only rates wait for it
 */
export async function bothSources(
  parts: WebappParts,
  query: SignatureQuery,
  product: Promise<string | undefined>,
): Promise<BothSources> {
  const rated = product.then((one) => usedOf(parts, query, one));
  const [ping, report, { use }] = await Promise.all([
    sideOf(parts, query, "ping", rated),
    sideOf(parts, query, "report", rated),
    rated,
  ]);
  const reports = await reportsOf(parts, query, ping.stacks);
  return {
    ping: ping.side,
    report: report.side,
    stacks: ping.stacks.map(({ stack, count }) => ({
      stack,
      pings: count,
      reports: reports.get(stack) ?? 0,
    })),
    use,
  };
}

/** Of what rates are, and how much that was used; neither where that cannot be told. */
interface Rated {
  readonly of: Omit<RatesOf, "source"> | undefined;
  readonly use: Use | undefined;
}

async function usedOf(
  parts: WebappParts,
  query: SignatureQuery,
  product: string | undefined,
): Promise<Rated> {
  const of = product === undefined ? undefined : rateQuery(query, product);
  return { of, use: of && (await useWhereKnown(parts, { ...of, source: "ping" })) };
}

async function sideOf(
  parts: WebappParts,
  query: SignatureQuery,
  source: "ping" | "report",
  rated: Promise<Rated>,
) {
  const now = parts.now();
  const scope = scopeOf(query, source, now);
  const ratesOnceKnown = async () => {
    const { of, use } = await rated;
    if (of === undefined || use === undefined || use.hours === null) return { use, rates: undefined };
    return { use, rates: await ratesGiven(parts, { ...of, source }, use) };
  };
  const [plain, weighted, { use, rates }] = await Promise.all([
    ask(parts, [
      ...scope,
      ["_facets", "_histogram.date"],
      ["_facets", "proto_signature"],
      ["_facets_size", String(STACKS)],
    ]),
    ask(parts, [...scope, ["_weights", "1"], ["_facets", "signature"], ["_facets_size", "1"]]),
    ratesOnceKnown(),
  ]);
  const stands = termsOf(weighted, "signature")[0]?.count ?? plain.total;
  const stacks = termsOf(plain, "proto_signature").map(({ term, count }) => ({ stack: String(term), count }));
  const side: SourceSide = {
    count: plain.total,
    weighted: stands,
    rate: rates === undefined ? undefined : (rates.signatures[0]?.rate ?? noneOf(use)),
    perDay: perDay(bucketsOf(plain.facets, "histogram_date"), query.days, now),
  };
  return { side, stacks };
}

/** The rate of a signature without a crash in hours that are known. */
const noneOf = (use: Use | undefined): Rate | undefined => rateOf([], use?.hours ?? undefined);

async function reportsOf(parts: WebappParts, query: SignatureQuery, stacks: readonly { stack: string }[]) {
  if (stacks.length === 0) return new Map<string, number>();
  const found = await ask(parts, [
    ...scopeOf(query, "report", parts.now()),
    ...stacks.map(({ stack }) => ["proto_signature", exactly(stack)] as const),
    ["_facets", "proto_signature"],
  ]);
  return new Map(termsOf(found, "proto_signature").map(({ term, count }) => [String(term), count]));
}

function scopeOf({ signature, filters, days }: SignatureQuery, source: string, now: Date): Query {
  return [
    ["signature", exactly(signature)],
    ["source", source],
    ...filters,
    ...daysBefore(days, now),
    ["_results_number", "0"],
  ];
}

/** Names under which use is told apart; by other filters only the crashes are. */
const toldApart = new Set(["product", "version", "release_channel", "platform"]);

/**
 * Of what the rates of the page are: filters that say one value narrow the use too. Undefined where they say what use
 * cannot be told of, as `not this version`. Other filters say nothing of how much was used: the rate is of what they leave.
 */
function rateQuery(
  { signature, days, filters }: SignatureQuery,
  product: string,
): Omit<RatesOf, "source"> | undefined {
  const narrowing = filters
    .filter(([name]) => toldApart.has(name))
    .map(([name, value]) => ({ name, value: valueAsked(value) }));
  const values = (wanted: string) =>
    narrowing.flatMap(({ name, value }) => (name === wanted && value !== undefined ? [value] : []));
  const [versions, channels, platforms] = [values("version"), values("release_channel"), values("platform")];
  const isPlain = narrowing.every(({ value }) => value !== undefined);
  if (!isPlain || channels.length > 1 || platforms.length > 1) return undefined;
  return {
    product,
    versions,
    channel: channels[0],
    platform: platforms[0],
    signature,
    days,
    size: 1,
    filters: filters.filter(([name]) => !toldApart.has(name)),
  };
}
