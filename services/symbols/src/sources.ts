import { join } from "node:path";
import type { Settings } from "@mayday/config";
import { createSymbolStorage, type ObjectStore, type SymbolStorage } from "@mayday/storage";
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
  "SYMBOL_SOURCES" | "SYMBOLS_PROXY" | "MAYDAY_DATA_DIR" | "SYMBOLS_SYMCACHE_MAX_MB"
>;

/** The storages of symbols, those of sources that were kept among them. */
export function storagesOf(objects: ObjectStore) {
  return {
    regular: createSymbolStorage(objects),
    tried: createSymbolStorage(objects, "try/v1"),
    fetched: createSymbolStorage(objects, "fetched/v1"),
  };
}

interface OwnSources {
  readonly regular: SymbolStorage;
  readonly fetched: SymbolStorage;
  readonly identify?: StoredSymbolFiles["identify"];
  /** In place of the servers, where it keeps what they have. */
  readonly proxy?: SymbolSource;
}

/** Where symbols are looked for, nearest first: the folders that the operator names, the own store, then servers. */
export function sourcesOf(
  { SYMBOL_SOURCES: places, SYMBOLS_PROXY: isProxy }: SourceSettings,
  { regular, fetched, identify, proxy }: OwnSources,
): SymbolSource[] {
  const servers = symbolSources(places.filter(isSymbolServer));
  return [
    ...symbolSources(places.filter((place) => !isSymbolServer(place))),
    storedSource("own store", { ...regular, ...(identify && { identify }) }),
    ...(isProxy ? [storedSource("fetched symbols", fetched)] : []),
    ...(proxy === undefined ? servers : [proxy]),
  ];
}

/** The symcaches that this machine keeps. */
export function keptSymcaches(settings: SourceSettings): SymcacheFolder {
  return symcacheFolder(join(settings.MAYDAY_DATA_DIR, "symcache"), {
    maxBytes: settings.SYMBOLS_SYMCACHE_MAX_MB * MB,
  });
}
