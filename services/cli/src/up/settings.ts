import {
  crashStoreSettings,
  declareSettings,
  flag,
  passwordWithin,
  port,
  sharedSettings,
  symbolStoreSettings,
} from "@mayday/config";
import { z } from "zod";

/** Where a sample is put. */
export const sampleSettings = declareSettings("CRASH_STORE_", {
  ...crashStoreSettings,
  REDIS_URL: sharedSettings.REDIS_URL,
  DATABASE_URL: sharedSettings.DATABASE_URL,
});

export const upSettings = declareSettings("MAYDAY_", {
  ...symbolStoreSettings,
  MAYDAY_DEMO: flag(true).describe("Whether the first run submits the demo crash."),
  COLLECTOR_PORT: port(8000).describe("Port of the collector; 0 takes any free one."),
  SYMBOLS_PORT: port(8010).describe("Port of the symbols service; 0 takes any free one."),
  WEBAPP_PORT: port(8020).describe("Port of the webapp; 0 takes any free one."),
  REDIS_URL: passwordWithin(z.string().default("")).describe(
    "Redis to use; a private redis-server of its own when unset.",
  ),
  LOG_FILE: z
    .string()
    .default("")
    .describe("File for log lines; `mayday.log` in the data folder when unset."),
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
  MAYDAY_URL: z.string().default("").describe("Address of the service that commands ask; `up` does not."),
  MAYDAY_TOKEN: z.string().default("").meta({ secret: true }).describe("Token of commands that need one."),
  MAYDAY_SHARED_DATA: z
    .string()
    .default("")
    .describe("Folder of further real inputs for the project's tests; nothing else reads it."),
});
