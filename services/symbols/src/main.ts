import { beginService, closeServer, listen, type RunningService, runService } from "@mayday/observability";
import { openSymbolObjects } from "@mayday/storage/open";
import { openParts } from "./open-parts.ts";
import { symbolsSettings } from "./settings.ts";
import { createSymbolsService } from "./symbols-service.ts";

export { symbolsSettings } from "./settings.ts";

/** Starts a symbols service as the environment says. */
export async function startSymbols(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("symbols", symbolsSettings, environment);
  const parts = openParts(settings, await openSymbolObjects(settings), { log, metrics });
  const server = createSymbolsService(parts);
  const url = await listen(server, settings.SYMBOLS_PORT, settings.SYMBOLS_HOST);
  log.info({ url }, "symbols service listens");
  return { name: "symbols", url, stop: async () => void (await closeServer(server)) };
}

if (import.meta.main) await runService("symbols", startSymbols);
