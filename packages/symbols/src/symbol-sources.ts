import { directorySource } from "./directory-source.ts";
import { httpSource } from "./http-source.ts";
import type { SymbolSource } from "./symbol-source.ts";

/** The sources that a list of folders and http(s) addresses names, in its order. */
export function symbolSources(places: readonly string[]): SymbolSource[] {
  return places.map((place) => (/^https?:\/\//.test(place) ? httpSource(place) : directorySource(place)));
}
