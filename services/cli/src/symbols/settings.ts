import {
  declareSettings,
  readSettings,
  searchSettings,
  sharedSettings,
  symbolStoreSettings,
} from "@mayday/config";

const storeSettings = declareSettings("SYMBOL_STORE", { ...symbolStoreSettings });

/** Where the symbols are stored that commands work on. */
export function readSymbolStoreSettings(environment: NodeJS.ProcessEnv) {
  return readSettings(storeSettings, environment);
}

const indexSettings = declareSettings("SEARCH_", {
  MAYDAY_DATA_DIR: sharedSettings.MAYDAY_DATA_DIR,
  ...searchSettings,
});

/** Where the index is that tells what symbols crashes need. */
export function readIndexSettings(environment: NodeJS.ProcessEnv) {
  return readSettings(indexSettings, environment);
}
