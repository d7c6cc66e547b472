import { join } from "node:path";
import type { Settings } from "@mayday/config";
import type { SymbolStorage } from "@mayday/storage";
import {
  isSymbolServer,
  type StoredSymbolFiles,
  type SymbolSource,
  type SymcacheFolder,
  storedSource,
  symbolSources,
  symcacheFolder,
} from "@mayday/symbols";
import type { symbolsSettings } from "./settings.ts";

const MB = 1024 * 1024;

/** What of the settings says where symbols are. */
export type SourceSettings = Pick<
  Settings<typeof symbolsSettings>,
  "SYMBOL_SOURCES" | "MAYDAY_DATA_DIR" | "SYMBOLS_SYMCACHE_MAX_MB"
>;

/** Where symbols are looked for, nearest first: the folders that the operator names, the own store, then servers. */
export function sourcesOf(
  { SYMBOL_SOURCES: places }: SourceSettings,
  own: SymbolStorage,
  identify?: StoredSymbolFiles["identify"],
): SymbolSource[] {
  return [
    ...symbolSources(places.filter((place) => !isSymbolServer(place))),
    storedSource("own store", { ...own, ...(identify && { identify }) }),
    ...symbolSources(places.filter(isSymbolServer)),
  ];
}

/** The symcaches that this machine keeps. */
export function keptSymcaches(settings: SourceSettings): SymcacheFolder {
  return symcacheFolder(join(settings.MAYDAY_DATA_DIR, "symcache"), {
    maxBytes: settings.SYMBOLS_SYMCACHE_MAX_MB * MB,
  });
}
