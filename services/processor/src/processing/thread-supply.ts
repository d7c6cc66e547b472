import { join } from "node:path";
import type { SymbolStorage } from "@mayday/storage";
import {
  createSymbolSupply,
  isSymbolServer,
  type SymbolSupply,
  type SymbolSupplyOptions,
  symbolSources,
  symcacheFolder,
} from "@mayday/symbols";
import { storedSymbols } from "../walker/stored-symbols.ts";

/** Where a thread's symbols come from, and how many it keeps. */
export interface SupplySettings {
  readonly MAYDAY_DATA_DIR: string;
  readonly symbolSources: readonly string[];
  /** Open symcaches are kept up to this many bytes a thread. */
  readonly memoryBytes: number;
  /** Symcaches on disk are kept up to this many bytes. */
  readonly symcacheBytes: number;
  readonly missesLastMs: number;
}

/** The symbols of a thread. */
export function threadSupply(
  settings: SupplySettings,
  stored: SymbolStorage,
  onEvent?: SymbolSupplyOptions["onEvent"],
): SymbolSupply {
  return createSymbolSupply({
    // Nearest first: the folders that the operator names, the own store, then servers.
    sources: [
      ...symbolSources(settings.symbolSources.filter((place) => !isSymbolServer(place))),
      storedSymbols(stored),
      ...symbolSources(settings.symbolSources.filter(isSymbolServer)),
    ],
    folder: symcacheFolder(join(settings.MAYDAY_DATA_DIR, "symcache"), { maxBytes: settings.symcacheBytes }),
    memoryBytes: settings.memoryBytes,
    missesLastMs: settings.missesLastMs,
    now: Date.now,
    ...(onEvent === undefined ? {} : { onEvent }),
  });
}
