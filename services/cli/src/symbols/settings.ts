import { declareSettings, readSettings, symbolStoreSettings } from "@mayday/config";

const storeSettings = declareSettings("SYMBOL_STORE", { ...symbolStoreSettings });

/** Where the symbols are stored that commands work on. */
export function readSymbolStoreSettings(environment: NodeJS.ProcessEnv) {
  return readSettings(storeSettings, environment);
}
