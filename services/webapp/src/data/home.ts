import type { Trend } from "@mayday/records";
import { termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { type ShareChange, shareChange } from "../view/share-change.ts";
import { featured, type SeenVersion, versionBefore } from "../view/versions.ts";
import { ask, daysBefore, exactly, perDay, type Query } from "./ask.ts";
import { productsSeen, versionsSeen } from "./product-versions.ts";
import { bucketsOf } from "./top-crashers.ts";

/** A featured version of a product, in one look. */
export interface VersionGlance {
  readonly version: string;
  readonly channel: string;
  /** Crashes of the last seven days. */
  readonly week: number;
  /** By day of two weeks, the last one today. */
  readonly perDay: readonly number[];
  readonly top: readonly {
    readonly signature: string;
    readonly count: number;
    readonly change: ShareChange | undefined;
  }[];
  readonly before: string | undefined;
}

export interface ProductGlance {
  readonly product: string;
  readonly week: number;
  readonly versions: readonly VersionGlance[];
  /** Signatures that are new, rising or gone by the last full day, the largest first. */
  readonly trends: readonly Trend[];
}

const DAYS = 14;
const WEEK = 7;
const TOP = 5;
const MOST_PRODUCTS = 6;
const MOST_TRENDS = 6;

/** What there is to know of every product, or of one, at a glance. */
export async function productGlances(parts: WebappParts, only?: string): Promise<ProductGlance[]> {
  const products = (await productsSeen(parts)).map(({ term }) => String(term));
  const shown =
    only === undefined ? products.slice(0, MOST_PRODUCTS) : products.filter((one) => one === only);
  return Promise.all(shown.map((product) => glanceOf(parts, product)));
}

async function glanceOf(parts: WebappParts, product: string): Promise<ProductGlance> {
  const versions = await versionsSeen(parts, product);
  const glances = await Promise.all(
    featured(versions).map((version) =>
      versionGlance(parts, product, version, versionBefore(version, versions)),
    ),
  );
  const [week, trends] = await Promise.all([
    ask(parts, [
      ["product", exactly(product)],
      ["_facets_size", "0"],
      ["_results_number", "0"],
      ...daysBefore(WEEK, parts.now()),
    ]),
    trendsOf(parts, product),
  ]);
  return { product, week: week.total, versions: glances, trends };
}

/** A page does without them where the records do not answer. */
async function trendsOf({ records, log }: WebappParts, product: string): Promise<Trend[]> {
  try {
    return await records.trends.list({ product, limit: MOST_TRENDS });
  } catch (error) {
    log.warn({ err: error }, "a product's page goes without trends");
    return [];
  }
}

async function versionGlance(
  parts: WebappParts,
  product: string,
  { version, channel }: SeenVersion,
  before: SeenVersion | undefined,
): Promise<VersionGlance> {
  const now = parts.now();
  const of = (name: string): Query => [
    ["product", exactly(product)],
    ["version", exactly(name)],
    ["_results_number", "0"],
  ];
  const signatures = (size: number): Query => [
    ["_facets", "signature"],
    ["_facets_size", String(size)],
  ];
  const [week, days, earlier] = await Promise.all([
    ask(parts, [...of(version), ...signatures(TOP), ...daysBefore(WEEK, now)]),
    ask(parts, [...of(version), ["_facets", "_histogram.date"], ...daysBefore(DAYS, now)]),
    before && ask(parts, [...of(before.version), ...signatures(200), ...daysBefore(4 * WEEK, now)]),
  ]);
  const counts = new Map(
    earlier ? termsOf(earlier, "signature").map(({ term, count }) => [term, count]) : [],
  );
  return {
    version,
    channel,
    week: week.total,
    perDay: perDay(bucketsOf(days.facets, "histogram_date"), DAYS, now),
    top: termsOf(week, "signature").map(({ term, count }) => ({
      signature: String(term),
      count,
      change: earlier && shareChange(count, week.total, counts.get(term) ?? 0, earlier.total),
    })),
    before: before?.version,
  };
}
