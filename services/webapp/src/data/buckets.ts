import type { Facets, FacetTerm } from "@mayday/search";

/** The buckets of a facet within a facet. */
export function bucketsOf(facets: Facets | undefined, name: string): readonly FacetTerm[] {
  const facet = facets?.[name];
  return facet === undefined || "value" in facet ? [] : facet;
}

/** The number that was asked for within a facet. */
export function numberOf(facets: Facets | undefined, name: string): number {
  const facet = facets?.[name];
  return facet !== undefined && "value" in facet ? facet.value : 0;
}
