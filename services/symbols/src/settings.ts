import {
  declareSettings,
  megabytes,
  milliseconds,
  port,
  sharedSettings,
  symbolStoreSettings,
} from "@mayday/config";
import { z } from "zod";

export const symbolsSettings = declareSettings("SYMBOLS_", {
  SYMBOLS_PORT: port(8010).describe("Port of the symbols service; 0 takes any free one."),
  SYMBOLS_HOST: z.string().default("127.0.0.1").describe("Address the symbols service listens on."),
  SYMBOLS_REQUEST_MB: megabytes(64).describe("A request for symbolication may be so large, MiB."),
  SYMBOLS_REQUEST_SYMBOLS_MB: megabytes(4096).describe(
    "Symbols that one request for symbolication may read from their sources, MiB of text; what is cached costs nothing.",
  ),
  SYMBOLS_REQUEST_TIMEOUT_MS: milliseconds(240_000).describe(
    "How long one request for symbolication waits for symbols before it answers without them, ms.",
  ),
  SYMBOLS_MEMORY_MB: megabytes(256).describe("Open symcaches are kept up to this size, MiB."),
  SYMBOLS_SYMCACHE_MAX_MB: megabytes(10_240).describe(
    "Symcaches on disk are kept up to this size, MiB; those not used for longest go first.",
  ),
  SYMBOLS_MISSING_MS: milliseconds(60_000).describe(
    "How long a module without symbols is not asked for again, ms.",
  ),
  SYMBOL_SOURCES: sharedSettings.SYMBOL_SOURCES,
  ...symbolStoreSettings,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
