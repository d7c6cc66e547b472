import { type FacetTerm, type Hit, type SearchField, searchFields, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { holdsAll, type Viewer } from "../permissions.ts";
import { ask, type Query } from "./ask.ts";
import { bucketsOf, numberOf } from "./buckets.ts";

export const pageSizes = [50, 100, 300, 1000] as const;
export const defaultColumns = [
  "date",
  "uuid",
  "signature",
  "product",
  "version",
  "build_id",
  "platform",
] as const;
/** What the rail counts, as far as the viewer may see it. */
const railFields = [
  "platform",
  "version",
  "signature",
  "process_type",
  "reason",
  "release_channel",
  "report_type",
];
const RAIL_TERMS = 6;

/** A search as the page's address has it. */
export interface SearchQuery {
  /** Filters in the search language, dates among them. */
  readonly filters: Query;
  readonly columns: readonly string[];
  readonly sort: string;
  readonly size: number;
  /** How many reports are passed over, or values of the facet. */
  readonly offset: number;
  /** Of which field all values are listed, in place of the reports. */
  readonly facet: string | undefined;
}

export interface SearchFound {
  readonly total: number;
  readonly hits: readonly Hit[];
  readonly rail: readonly { readonly field: string; readonly terms: readonly FacetTerm[] }[];
  readonly facet: readonly FacetTerm[];
  /** How many values the facet's field has in all. */
  readonly facetTotal: number;
  /** Crashes by day; terms are its first moment. */
  readonly days: readonly FacetTerm[];
  /** How long it took. */
  readonly ms: number;
}

/** The fields a viewer may search by and see, by name. */
export function usableFields(viewer: Viewer): ReadonlyMap<string, SearchField> {
  const allowed = searchFields.filter(({ permissions }) => holdsAll(viewer, permissions));
  return new Map(allowed.map((field) => [field.name as string, field]));
}

/**
 * A search's parameters without those that name a field the viewer may not use: what cannot be seen is neither searched by
 * nor sorted by, and not repeated in a page's links, either.
 */
export function usableParameters(parameters: Query, fields: ReadonlyMap<string, unknown>): Query {
  return parameters.filter(([name, value]) => {
    if (["_columns", "_facets", "_sort"].includes(name)) return fields.has(value.replace(/^-/, ""));
    return /^(_|days$|source$)/.test(name) || fields.has(name);
  });
}

/** Asks for one page of a search: reports, what narrows it down, and when. */
export async function searchCrashes(
  parts: WebappParts,
  query: SearchQuery,
  allowed: ReadonlyMap<string, SearchField>,
): Promise<SearchFound> {
  const started = performance.now();
  const facets = railFields.filter((name) => allowed.has(name));
  const columns = [...new Set(["uuid", ...query.columns])];
  const [found, counted] = await Promise.all([
    ask(parts, [
      ...query.filters,
      ...columns.map((name) => ["_columns", name] as const),
      ["_sort", query.sort],
      ["_results_number", String(query.facet === undefined ? query.size : 0)],
      ...(query.facet === undefined
        ? ([
            ["_results_offset", String(query.offset)],
            ["_facets_size", "0"],
          ] as const)
        : ([
            ["_facets", query.facet],
            ["_facets", `_cardinality.${query.facet}`],
            ["_facets_size", String(query.size)],
            ["_facets_offset", String(query.offset)],
          ] as const)),
    ]),
    ask(parts, [
      ...query.filters,
      ["_results_number", "0"],
      ["_facets_size", String(RAIL_TERMS)],
      ["_facets", "_histogram.date"],
      ...facets.map((name) => ["_facets", name] as const),
    ]),
  ]);
  return {
    total: found.total,
    hits: found.hits,
    rail: facets
      .map((field) => ({ field, terms: termsOf(counted, field) }))
      .filter(({ terms }) => terms.length > 0),
    facet: query.facet === undefined ? [] : termsOf(found, query.facet),
    facetTotal: numberOf(found.facets, `cardinality_${query.facet}`),
    days: bucketsOf(counted.facets, "histogram_date"),
    ms: performance.now() - started,
  };
}
