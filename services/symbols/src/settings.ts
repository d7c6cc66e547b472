import { declareSettings, port, sharedSettings, symbolStoreSettings } from "@mayday/config";
import { z } from "zod";

export const symbolsSettings = declareSettings("SYMBOLS_", {
  SYMBOLS_PORT: port(8010).describe("Port of the symbols service; 0 takes any free one."),
  SYMBOLS_HOST: z.string().default("127.0.0.1").describe("Address the symbols service listens on."),
  ...symbolStoreSettings,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
