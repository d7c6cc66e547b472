import {
  crashStoreSettings,
  declareSettings,
  megabytes,
  milliseconds,
  port,
  sharedSettings,
  symbolStoreSettings,
} from "@mayday/config";
import { z } from "zod";

export const processorSettings = declareSettings("PROCESSOR_", {
  PROCESSOR_PORT: port(0).describe("Port of the processor's health and metrics; 0 takes any free one."),
  PROCESSOR_HOST: z
    .string()
    .default("127.0.0.1")
    .describe("Address that the processor's health and metrics listen on."),
  PROCESSOR_THREADS: z.coerce.number().int().min(1).max(64).default(2).describe("Threads that walk stacks."),
  PROCESSOR_PING_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("Threads that process crash pings."),
  PROCESSOR_WALK_TIMEOUT_MS: milliseconds(120_000).describe("A walk that takes longer is stopped, ms."),
  PROCESSOR_WALK_SYMBOLS_MB: megabytes(2048).describe(
    "Symbols that one walk may read from their sources, MiB of text; what is cached costs nothing. A module with more text than this gets no symbols unless its symcache lies beside it.",
  ),
  PROCESSOR_DUMP_MEMORY_MB: megabytes(64).describe(
    "A larger dump is not read into memory, MiB, but by position from a file: the store's own, or a copy without a name in the data folder.",
  ),
  PROCESSOR_THREAD_HEAP_MB: megabytes(1024).describe("JavaScript heap of a walking thread, MiB."),
  PROCESSOR_SYMBOLS_MEMORY_MB: megabytes(256).describe(
    "Open symcaches are kept up to this size a thread, MiB.",
  ),
  PROCESSOR_SYMCACHE_MAX_MB: megabytes(10_240).describe(
    "Symcaches on disk are kept up to this size, MiB; those not used for longest go first.",
  ),
  PROCESSOR_MISSING_SYMBOLS_MS: milliseconds(60_000).describe(
    "How long a module without symbols is not asked for again, ms.",
  ),
  PROCESSOR_RELEASES_FILE: z
    .string()
    .default("")
    .describe(
      "JSON file of builds that were released, for the versions of betas: a list of objects with product, channel, build_id, version_string.",
    ),
  PROCESSOR_VERSION_API: z
    .string()
    .default("")
    .describe(
      "Address of an API as Crash Stats' VersionString, asked for the versions of betas that the file does not have.",
    ),
  SIGNATURE_LISTS: sharedSettings.SIGNATURE_LISTS,
  SIGNATURE_SWITCHES: sharedSettings.SIGNATURE_SWITCHES,
  SYMBOL_SOURCES: sharedSettings.SYMBOL_SOURCES,
  ...crashStoreSettings,
  ...symbolStoreSettings,
  REDIS_URL: sharedSettings.REDIS_URL,
  DATABASE_URL: sharedSettings.DATABASE_URL,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
