import type { Trend } from "@mayday/records";
import { type FacetTerm, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { type ShareChange, shareChange } from "../view/share-change.ts";
import type { VersionStart } from "../view/version-lines.ts";
import { featured, type SeenVersion, versionBefore } from "../view/versions.ts";
import { ask, daysBefore, exactly, perDay, type Query } from "./ask.ts";
import { bucketsOf } from "./buckets.ts";
import { productsAndVersions, productsSeen, versionsSeen } from "./product-versions.ts";
import { versionStarts } from "./version-starts.ts";

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
  /** When its first build was made; undefined where that is not known, or long ago. */
  readonly since: Date | undefined;
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
/** Versions that began before that are not told how long they are out, days. */
const LONGEST_OUT = 180;
/** Of a product's own plot. */
const PLOT_DAYS = 28;
/** Versions that have fewer of a product's crashes have no line in its plot. */
const LEAST_SHARE = 0.02;
const MOST_PRODUCTS = 6;
const MOST_TRENDS = 6;
/** Terms at each level: more than there are products and versions to show. */
const MOST_TERMS = 200;

/** A version to be shown, and the one that came before it. */
interface Shown {
  readonly product: string;
  readonly seen: SeenVersion;
  readonly before: SeenVersion | undefined;
}

/** What there is to know of every product, or of one, at a glance: in a few searches, however many versions there are. */
export async function productGlances(parts: WebappParts, only?: string): Promise<ProductGlance[]> {
  const all = only === undefined ? await productsAndVersions(parts) : await versionsOfOne(parts, only);
  const products = [...all.keys()].slice(0, MOST_PRODUCTS);
  if (products.length === 0) return [];
  const shown = products.flatMap((product) => {
    const versions = all.get(product) ?? [];
    return featured(versions).map(
      (seen): Shown => ({ product, seen, before: versionBefore(seen, versions) }),
    );
  });
  const now = parts.now();
  const newest = shown.map(({ seen }) => seen.version);
  const former = shown.flatMap(({ before }) => (before === undefined ? [] : [before.version]));
  const [totals, week, days, earlier, trends, starts] = await Promise.all([
    ask(parts, [...anyOf("product", products), ...counted("product"), ...daysBefore(WEEK, now)]),
    termsOfVersions(parts, products, newest, { within: "signature", days: WEEK }),
    termsOfVersions(parts, products, newest, { within: "_histogram.date", days: DAYS }),
    termsOfVersions(parts, products, former, { within: "signature", days: 4 * WEEK }),
    Promise.all(products.map((product) => trendsOf(parts, product))),
    Promise.all(products.map((product) => versionStarts(parts, product, LONGEST_OUT))),
  ]);
  return products.map((product, index) => ({
    product,
    week: named(termsOf(totals, "product"), product)?.count ?? 0,
    versions: shown
      .filter((one) => one.product === product)
      .map((one) => versionGlance(one, now, { week, days, earlier, starts: starts[index] ?? [] })),
    trends: trends[index] ?? [],
  }));
}

/** A product's crashes by day of four weeks, and when the versions that have a fair share of them began. */
export interface ProductDays {
  readonly perDay: readonly number[];
  readonly starts: readonly VersionStart[];
}

export async function productDays(parts: WebappParts, product: string): Promise<ProductDays> {
  const now = parts.now();
  const [found, starts] = await Promise.all([
    ask(parts, [
      ["product", exactly(product)],
      ["_facets", "_histogram.date"],
      ["_facets", "version"],
      ["_facets_size", String(MOST_TERMS)],
      ["_results_number", "0"],
      ...daysBefore(PLOT_DAYS, now),
    ]),
    versionStarts(parts, product, PLOT_DAYS),
  ]);
  const used = termsOf(found, "version").filter(({ count }) => count >= found.total * LEAST_SHARE);
  return {
    perDay: perDay(bucketsOf(found.facets, "histogram_date"), PLOT_DAYS, now),
    starts: starts.filter(({ version }) => named(used, version) !== undefined),
  };
}

/** The one product's versions; empty where no report came of it. */
async function versionsOfOne(parts: WebappParts, product: string) {
  const [products, versions] = await Promise.all([productsSeen(parts), versionsSeen(parts, product)]);
  return new Map(named(products, product) === undefined ? [] : [[product, versions]]);
}

const anyOf = (name: string, values: readonly string[]): Query =>
  [...new Set(values)].map((value) => [name, exactly(value)] as const);

const counted = (facet: string): Query => [
  ["_facets", facet],
  ["_facets_size", String(MOST_TERMS)],
  ["_results_number", "0"],
];

/** The bucket of a version of a product; undefined where there is none. */
type TermsOfVersions = (product: string, version: string) => FacetTerm | undefined;

/** Asks for the crashes of versions, whichever of the products have them, with a facet within each. */
async function termsOfVersions(
  parts: WebappParts,
  products: readonly string[],
  versions: readonly string[],
  { within, days }: { readonly within: string; readonly days: number },
): Promise<TermsOfVersions> {
  if (versions.length === 0) return () => undefined;
  // One level less is a third less to count.
  const isOne = products.length === 1;
  const found = await ask(parts, [
    ...anyOf("product", products),
    ...anyOf("version", versions),
    [isOne ? "_aggs.version" : "_aggs.product.version", within],
    ...counted(isOne ? "version" : "product"),
    ...daysBefore(days, parts.now()),
  ]);
  return (product, version) => {
    const ofProduct = named(termsOf(found, "product"), product);
    return named(isOne ? termsOf(found, "version") : bucketsOf(ofProduct?.facets, "version"), version);
  };
}

const named = (terms: readonly FacetTerm[], name: string): FacetTerm | undefined =>
  terms.find(({ term }) => term === name);

/** A page does without them where the records do not answer. */
async function trendsOf({ records, log }: WebappParts, product: string): Promise<Trend[]> {
  try {
    return await records.trends.list({ product, limit: MOST_TRENDS });
  } catch (error) {
    log.warn({ err: error }, "a product's page goes without trends");
    return [];
  }
}

interface Found {
  readonly week: TermsOfVersions;
  readonly days: TermsOfVersions;
  readonly earlier: TermsOfVersions;
  readonly starts: readonly VersionStart[];
}

function versionGlance({ product, seen, before }: Shown, now: Date, found: Found): VersionGlance {
  const { version, channel } = seen;
  const week = found.week(product, version);
  const days = found.days(product, version);
  const earlier = before && found.earlier(product, before.version);
  const counts = new Map(bucketsOf(earlier?.facets, "signature").map(({ term, count }) => [term, count]));
  const total = week?.count ?? 0;
  return {
    version,
    channel,
    week: total,
    perDay: perDay(bucketsOf(days?.facets, "histogram_date"), DAYS, now),
    top: bucketsOf(week?.facets, "signature")
      .slice(0, TOP)
      .map(({ term, count }) => ({
        signature: String(term),
        count,
        change: before && shareChange(count, total, counts.get(term) ?? 0, earlier?.count ?? 0),
      })),
    before: before?.version,
    since: found.starts.find((one) => one.version === version)?.at,
  };
}
