import {
  crashStoreSettings,
  declareSettings,
  flag,
  milliseconds,
  port,
  searchSettings,
  secret,
  sharedSettings,
  symbolStoreSettings,
} from "@mayday/config";
import { z } from "zod";

const days = (usual: number) => z.coerce.number().int().min(0).max(3660).default(usual);

export const schedulerSettings = declareSettings("SCHEDULER_", {
  SCHEDULER_PORT: port(0).describe("Port of the scheduler's health and metrics; 0 takes any free one."),
  SCHEDULER_HOST: z
    .string()
    .default("127.0.0.1")
    .describe("Address that the scheduler's health and metrics listen on."),
  SCHEDULER_SWEEP_EVERY_MS: milliseconds(120_000).describe(
    "Time between sweeps for crashes that were left behind, ms.",
  ),
  SCHEDULER_SWEEP_GRACE_MS: milliseconds(60_000).describe("A sweep leaves younger crashes to the queue, ms."),
  SCHEDULER_SWEEP_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(366)
    .default(3)
    .describe(
      "How many days back a sweep looks, today included. To build the search index anew, remove it and start once with as many days as there are.",
    ),
  SCHEDULER_KEEP_MONTHS: z.coerce
    .number()
    .int()
    .min(0)
    .max(120)
    .default(0)
    .describe(
      "Crashes are removed from storage so many months after they were collected; 0 keeps them for ever.",
    ),
  SCHEDULER_SYMBOLS_KEEP_DAYS: days(0).describe(
    "Symbols are removed so many days after they were stored or last asked for, but for those on the stack of a crash in the index; 0 keeps them for ever.",
  ),
  SCHEDULER_TRY_SYMBOLS_KEEP_DAYS: days(28).describe(
    "The same of symbols of try builds; 0 keeps them for ever.",
  ),
  SCHEDULER_FETCHED_SYMBOLS_KEEP_DAYS: days(60).describe(
    "The same of symbols that were fetched from other symbol servers (SYMBOLS_PROXY), whatever crashes need: they can be had again. 0 keeps them for ever.",
  ),
  SCHEDULER_MISSING_AFTER_MS: milliseconds(3_600_000).describe(
    "So long after crashes were seen to miss a module's symbols SYMBOL_SOURCES are asked for them again, ms; then after twice as long each time, at most a week.",
  ),
  SCHEDULER_EXPORT: flag(false).describe(
    "Whether each day's processed crashes are stored as Parquet an hour after its end, with what everybody may see.",
  ),
  ALERT_WEBHOOK: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe(
      "Address that is told of new, rising and gone signatures, each once, as JSON; nobody is told when unset (docs/pings-and-reports.md).",
    ),
  ALERT_SECRET: secret().describe(
    "Key of the HMAC-SHA-256 that signs what ALERT_WEBHOOK is sent; needed with it.",
  ),
  ALERT_LEAST: z.coerce
    .number()
    .min(0)
    .default(20)
    .describe(
      "ALERT_WEBHOOK is told of trends of so many crashes at least: seen, or missed where they are gone.",
    ),
  ...crashStoreSettings,
  ...symbolStoreSettings,
  ...searchSettings,
  SYMBOL_SOURCES: sharedSettings.SYMBOL_SOURCES,
  REDIS_URL: sharedSettings.REDIS_URL,
  DATABASE_URL: sharedSettings.DATABASE_URL,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
