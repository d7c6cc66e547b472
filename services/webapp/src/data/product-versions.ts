import { type FacetTerm, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import type { SeenVersion } from "../view/versions.ts";
import { exactly, type Query } from "./ask.ts";
import { askBriefly } from "./ask-briefly.ts";
import { bucketsOf } from "./buckets.ts";

/** As far back as versions are looked for. */
const DAYS = 60;
/** What says so little of a product is a slip of somebody's build. */
const LEAST_REPORTS = 3;

/** The products that reports, or crashes of another source, came from lately, the one with most reports first. */
export async function productsSeen(parts: WebappParts, source = "report"): Promise<FacetTerm[]> {
  const query = [
    ["source", source],
    ["_facets", "product"],
    ["_facets_size", "20"],
    ["_results_number", "0"],
  ] as const;
  const result = await askBriefly(parts, query, DAYS);
  return [...termsOf(result, "product")];
}

/** The versions of a product that reports came from lately, the one with most reports first. */
export async function versionsSeen(
  parts: WebappParts,
  product: string,
  source = "report",
): Promise<SeenVersion[]> {
  const query = [
    ["source", source],
    ["product", exactly(product)],
    ["_facets", "version"],
    ["_aggs.version", "release_channel"],
    ["_facets_size", "100"],
    ["_results_number", "0"],
  ] as const;
  const result = await askBriefly(parts, query, DAYS);
  return seenIn(termsOf(result, "version"));
}

/** The products that reports came from lately with their versions, both the one with most reports first. */
export async function productsAndVersions(
  parts: WebappParts,
): Promise<ReadonlyMap<string, readonly SeenVersion[]>> {
  const query: Query = [
    ["_aggs.product.version", "release_channel"],
    ["_facets", "product"],
    ["_facets_size", "100"],
    ["_results_number", "0"],
  ];
  const result = await askBriefly(parts, query, DAYS);
  return new Map(
    termsOf(result, "product").map(({ term, facets }) => [
      String(term),
      seenIn(bucketsOf(facets, "version")),
    ]),
  );
}

const seenIn = (versions: readonly FacetTerm[]): SeenVersion[] =>
  versions
    .filter(({ count }) => count >= LEAST_REPORTS)
    .map(({ term, count, facets }) => ({
      version: String(term),
      channel: firstTerm(facets?.["release_channel"]),
      count,
    }));

function firstTerm(facet: unknown): string {
  return Array.isArray(facet) && facet.length > 0 ? String((facet[0] as FacetTerm).term) : "";
}
