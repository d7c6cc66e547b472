import { join } from "node:path";
import { beginService, closeServer, listen, type RunningService, runService } from "@mayday/observability";
import { createSymbolStorage } from "@mayday/storage";
import { openSymbolObjects } from "@mayday/storage/open";
import {
  createSymbolSupply,
  isSymbolServer,
  storedSource,
  symbolSources,
  symcacheFolder,
} from "@mayday/symbols";
import { symbolsSettings } from "./settings.ts";
import { SupplyNotes } from "./symbolicate/module-finder.ts";
import { createSymbolsService } from "./symbols-service.ts";

export { symbolsSettings } from "./settings.ts";

const MB = 1024 * 1024;

/** Starts a symbols service as the environment says. */
export async function startSymbols(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("symbols", symbolsSettings, environment);
  const storage = createSymbolStorage(await openSymbolObjects(settings));
  const notes = new SupplyNotes();
  const places = settings.SYMBOL_SOURCES;
  const supply = createSymbolSupply({
    // Nearest first: the folders that the operator names, the own store, then servers.
    sources: [
      ...symbolSources(places.filter((place) => !isSymbolServer(place))),
      storedSource("own store", storage),
      ...symbolSources(places.filter(isSymbolServer)),
    ],
    folder: symcacheFolder(join(settings.MAYDAY_DATA_DIR, "symcache"), {
      maxBytes: settings.SYMBOLS_SYMCACHE_MAX_MB * MB,
    }),
    memoryBytes: settings.SYMBOLS_MEMORY_MB * MB,
    missesLastMs: settings.SYMBOLS_MISSING_MS,
    now: Date.now,
    onEvent: notes.note,
  });
  const limits = {
    request: { bytes: settings.SYMBOLS_REQUEST_SYMBOLS_MB * MB, ms: settings.SYMBOLS_REQUEST_TIMEOUT_MS },
    bodyBytes: settings.SYMBOLS_REQUEST_MB * MB,
  };
  const server = createSymbolsService({ storage, supply, notes, limits, log, metrics });
  const url = await listen(server, settings.SYMBOLS_PORT, settings.SYMBOLS_HOST);
  log.info({ url }, "symbols service listens");
  return { name: "symbols", url, stop: async () => void (await closeServer(server)) };
}

if (import.meta.main) await runService("symbols", startSymbols);
