import { type Hit, type SearchField, searchFields } from "@mayday/search";
import { holdsAll, type Viewer } from "../permissions.ts";

type NeedingFields = readonly Pick<SearchField, "name" | "permissions">[];

/**
 * The parameters of a search without whatever names a field the viewer may not see: filters, sort keys and facets
 * could be used to guess its values. They are dropped without an error, as Super Search does it; columns stay and
 * are taken out of the hits ({@link permittedHits}).
 */
export function permittedParameters(
  params: Iterable<readonly [string, string]>,
  viewer: Viewer,
  fields: NeedingFields = searchFields,
): (readonly [string, string])[] {
  const forbidden = forbiddenFields(viewer, fields);
  return [...params].filter(([name, value]) => {
    if (forbidden.has(name)) return false;
    const [kind, ...path] = name.split(".");
    if (path.some((part) => forbidden.has(part))) return false;
    const namesFields = ["_facets", "_sort", "_aggs", "_histogram"].includes(kind!);
    return !namesFields || !value.split(/[.-]/).some((part) => forbidden.has(part));
  });
}

/** The hits without the fields the viewer may not see. */
export function permittedHits(
  hits: readonly Hit[],
  viewer: Viewer,
  fields: NeedingFields = searchFields,
): readonly Hit[] {
  const forbidden = forbiddenFields(viewer, fields);
  if (forbidden.size === 0) return hits;
  return hits.map((hit) => Object.fromEntries(Object.entries(hit).filter(([name]) => !forbidden.has(name))));
}

function forbiddenFields(viewer: Viewer, fields: NeedingFields): ReadonlySet<string> {
  return new Set(fields.filter(({ permissions }) => !holdsAll(viewer, permissions)).map(({ name }) => name));
}
