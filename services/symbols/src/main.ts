import { beginService, closeServer, listen, type RunningService, runService } from "@mayday/observability";
import { createSymbolStorage } from "@mayday/storage";
import { openSymbolObjects } from "@mayday/storage/open";
import { symbolsSettings } from "./settings.ts";
import { createSymbolsService } from "./symbols-service.ts";

export { symbolsSettings } from "./settings.ts";

/** Starts a symbols service as the environment says. */
export async function startSymbols(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("symbols", symbolsSettings, environment);
  const storage = createSymbolStorage(await openSymbolObjects(settings));
  const server = createSymbolsService(storage, metrics);
  const url = await listen(server, settings.SYMBOLS_PORT, settings.SYMBOLS_HOST);
  log.info({ url }, "symbols service listens");
  return { name: "symbols", url, stop: async () => void (await closeServer(server)) };
}

if (import.meta.main) await runService("symbols", startSymbols);
