import { declareSettings, sharedSettings } from "@mayday/config";

/** Where the records are, so that the commands find those of the pipeline. */
export const recordsSettings = declareSettings("DATABASE_", {
  MAYDAY_DATA_DIR: sharedSettings.MAYDAY_DATA_DIR,
  DATABASE_URL: sharedSettings.DATABASE_URL,
});
