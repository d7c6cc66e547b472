import { join } from "node:path";
import { workerData } from "node:worker_threads";
import { createSymbolStorage } from "@mayday/storage";
import { openSymbolObjects, type SymbolStoreSettings } from "@mayday/storage/open";
import { createSymbolSupply, isSymbolServer, symbolSources, symcacheFolder } from "@mayday/symbols";
import { storedSymbols } from "./stored-symbols.ts";
import { MAX_MODULES } from "./symbol-budget.ts";
import { walkDump } from "./walk-dump.ts";
import type { WalkOutcome, WalkRequest } from "./walker.ts";

/** What a walking thread is given when it starts. */
export interface ThreadSettings {
  readonly dataDir: string;
  readonly symbolStore: SymbolStoreSettings;
  readonly symbolSources: readonly string[];
  /** Open symcaches are kept up to this many bytes a thread. */
  readonly memoryBytes: number;
  /** Symcaches on disk are kept up to this many bytes. */
  readonly symcacheBytes: number;
  readonly missesLastMs: number;
  /** How long a walk fetches symbols before it goes on without, ms. */
  readonly fetchMs: number;
  /** How many bytes of symbols a walk may read from their sources. */
  readonly fetchBytes: number;
}

const settings = workerData as ThreadSettings;
const stored = createSymbolStorage(await openSymbolObjects(settings.symbolStore));
let events: Record<string, number> = {};
const supply = createSymbolSupply({
  // Nearest first: the folders that the operator names, the own store, then servers.
  sources: [
    ...symbolSources(settings.symbolSources.filter((place) => !isSymbolServer(place))),
    storedSymbols(stored),
    ...symbolSources(settings.symbolSources.filter(isSymbolServer)),
  ],
  folder: symcacheFolder(join(settings.dataDir, "symcache"), { maxBytes: settings.symcacheBytes }),
  memoryBytes: settings.memoryBytes,
  missesLastMs: settings.missesLastMs,
  now: Date.now,
  onEvent: (event) => {
    events[event] = (events[event] ?? 0) + 1;
  },
});

/** The task of a walking thread. A thread walks one dump at a time. */
export default async function walkInThread(request: WalkRequest): Promise<WalkOutcome> {
  events = {};
  const budget = { fetchMs: settings.fetchMs, modules: MAX_MODULES, bytes: settings.fetchBytes };
  const outcome = await walkDump(request, supply, budget);
  return { ...outcome, symbolEvents: events };
}
