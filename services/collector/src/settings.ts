import {
  crashStoreSettings,
  declareSettings,
  flag,
  megabytes,
  milliseconds,
  port,
  secret,
  sharedSettings,
} from "@mayday/config";
import { z } from "zod";

export const collectorSettings = declareSettings("COLLECTOR_", {
  COLLECTOR_PORT: port(8000).describe("Port of the collector; 0 takes any free one."),
  COLLECTOR_HOST: z.string().default("127.0.0.1").describe("Address the collector listens on."),
  COLLECTOR_MAX_BODY_MB: megabytes(25).describe(
    "Largest body accepted, as it arrives, MiB; a larger one is answered 413.",
  ),
  COLLECTOR_MEMORY_BODY_MB: megabytes(64).describe(
    "A larger body goes to a file without a name beside the journal while it arrives, MiB, and its largest files from there to storage.",
  ),
  COLLECTOR_MAX_INFLATED_MB: megabytes(100).describe("Largest size a gzipped body may inflate to, MiB."),
  COLLECTOR_MAX_PING_MB: megabytes(4).describe("Largest crash ping, as it arrives and inflated, MiB."),
  COLLECTOR_MAX_MEMORY_MB: megabytes(512).describe(
    "Bytes of reports that may be in memory at a time, MiB; when they are used up clients wait.",
  ),
  COLLECTOR_JOURNAL_DIR: z
    .string()
    .default("")
    .describe(
      "Folder of the journal, where reports are durable before they are in storage; one collector at a time may use it. `journal` in the data folder when unset.",
    ),
  COLLECTOR_JOURNAL_MAX_MB: megabytes(4096).describe(
    "Most that may wait in the journal while storage is away, MiB. When it is full too, clients are answered 503. Files of a quarter of it may stay on the disk to be used again.",
  ),
  COLLECTOR_ZSTD_DUMPS: flag(false).describe(
    "Whether stored dumps are compressed. Mayday reads them all the same; Socorro's processor could not.",
  ),
  COLLECTOR_REQUEST_TIMEOUT_MS: milliseconds(60_000).describe(
    "How long a client may take to send a report, ms.",
  ),
  COLLECTOR_THROTTLE_RULES: z
    .enum(["accept_all", "mozilla"])
    .default("accept_all")
    .describe("Which throttle rules decide what is kept."),
  COLLECTOR_PRODUCTS_FILE: z
    .string()
    .default("")
    .describe(
      "JSON file of the products that the Mozilla rules take, each with the Android packages that are its own (an empty list: any); Mozilla's list (packages/throttle/products/mozilla.json) when unset. An empty object takes all products.",
    ),
  COLLECTOR_ANNOTATION_NAMES_FILE: z
    .string()
    .default("")
    .describe(
      "JSON file of annotation names and the names that other clients use for them, best first (docs/collector.md); those of Crashpad, Breakpad and Electron when unset.",
    ),
  COLLECTOR_RESUBMITTER_TOKEN: secret().describe(
    "Bearer token of a resubmitter that may name crash ids itself; nobody may when unset.",
  ),
  ...crashStoreSettings,
  REDIS_URL: sharedSettings.REDIS_URL,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
