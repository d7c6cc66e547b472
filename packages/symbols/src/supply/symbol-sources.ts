import { directorySource } from "./directory-source.ts";
import { httpSource } from "./http-source.ts";
import type { SymbolSource } from "./symbol-source.ts";

/** Whether a place is a symbol server and not a folder. */
export function isSymbolServer(place: string): boolean {
  return /^https?:\/\//.test(place);
}

/**
 * The sources that a list of folders and http(s) addresses names, in its order.
 * @param headers what questions to servers say besides
 */
export function symbolSources(
  places: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): SymbolSource[] {
  return places.map((place) => (isSymbolServer(place) ? httpSource(place, headers) : directorySource(place)));
}
