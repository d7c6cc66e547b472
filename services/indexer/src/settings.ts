import {
  crashStoreSettings,
  declareSettings,
  megabytes,
  port,
  searchSettings,
  sharedSettings,
} from "@mayday/config";
import { z } from "zod";

export const indexerSettings = declareSettings("INDEXER_", {
  INDEXER_PORT: port(0).describe("Port of the indexer's health and metrics; 0 takes any free one."),
  INDEXER_HOST: z
    .string()
    .default("127.0.0.1")
    .describe("Address that the indexer's health and metrics listen on."),
  INDEXER_MEMORY_MB: megabytes(1024).describe("Memory of the embedded search engine, MiB."),
  ...crashStoreSettings,
  ...searchSettings,
  REDIS_URL: sharedSettings.REDIS_URL,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
