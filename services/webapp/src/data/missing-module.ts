import { type FacetTerm, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { ask, daysBefore, exactly, perDay, type Query } from "./ask.ts";
import { bucketsOf } from "./buckets.ts";

/** What crashes that missed a module's symbols are told apart by. */
export const moduleFacets = {
  product: "Product",
  version: "Version",
  platform_pretty_version: "Platform",
  signature: "Signature",
} as const;

export interface MissingModule {
  /** Crashes of the days that missed its symbols. */
  readonly total: number;
  /** By day, the last one today. */
  readonly perDay: readonly number[];
  readonly facets: Readonly<Record<keyof typeof moduleFacets, readonly FacetTerm[]>>;
}

const MOST_VALUES = 10;

/**
 * Crashes that missed the symbols of a module.
 * @param module as the field `missing_symbols` names it
 */
export async function missingModule(
  parts: WebappParts,
  module: string,
  days: number,
): Promise<MissingModule> {
  const names = Object.keys(moduleFacets) as (keyof typeof moduleFacets)[];
  const facets: Query = [...names, "_histogram.date"].map((name) => ["_facets", name] as const);
  const found = await ask(parts, [
    ["missing_symbols", exactly(module)],
    ...facets,
    ["_facets_size", String(MOST_VALUES)],
    ["_results_number", "0"],
    ...daysBefore(days, parts.now()),
  ]);
  return {
    total: found.total,
    perDay: perDay(bucketsOf(found.facets, "histogram_date"), days, parts.now()),
    facets: Object.fromEntries(names.map((name) => [name, termsOf(found, name)])) as MissingModule["facets"],
  };
}
