import {
  declareSettings,
  flag,
  megabytes,
  milliseconds,
  port,
  secret,
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
  SYMBOLS_TOKENS: secret().describe(
    "Who may upload: comma list of `KEY:permission+permission:email:YYYY-MM-DD`, the day from which the key is no longer good; permissions are upload_symbols, upload_try_symbols and view_all_uploads.",
  ),
  SYMBOLS_UPLOAD_MB: megabytes(2048).describe("An uploaded archive may be so large, MiB."),
  SYMBOLS_UPLOAD_TEXT_MB: megabytes(32_768).describe(
    "The files of an uploaded archive may be so large together, inflated, MiB.",
  ),
  SYMBOLS_UPLOAD_MEMBERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(50_000)
    .describe("An uploaded archive may have so many members."),
  SYMBOLS_UPLOAD_HOSTS: z
    .string()
    .default("queue.taskcluster.net,firefox-ci-tc.services.mozilla.com")
    .describe("Hosts from which archives are fetched whose address is uploaded: comma list."),
  SYMBOLS_UPLOAD_PLAIN_HTTP: flag(false).describe("Whether such an address may be http."),
  SYMBOLS_UPLOAD_DIRECT: flag(false).describe(
    "Whether files of plans (uploads of version 2) are sent to the store itself, where it can sign addresses: S3, and Google's with credentials that sign. They are served once a symbols service with SYMBOLS_BUILDERS has checked them, some seconds later.",
  ),
  SYMBOLS_DISALLOWED_NAMES: z
    .string()
    .default("qcom/proprietary")
    .describe("Pieces of text that no name in an uploaded archive may have: comma list."),
  SYMBOLS_URL: z
    .string()
    .default("")
    .describe("Address at which clients reach this service; that of the request when unset."),
  SYMBOLS_OBJECTS_URL: z
    .string()
    .default("")
    .describe(
      "Address at which anybody reads the store's objects, such as that of a public bucket: downloads are sent there. They come from this service when unset.",
    ),
  SYMBOLS_PROXY: flag(false).describe(
    "Whether symbol files that are not stored here are fetched from SYMBOL_SOURCES for who downloads them, and kept, so that this service is all that others need ask.",
  ),
  SYMBOLS_PROXY_FILE_MB: megabytes(8192).describe(
    "A symbol file that is so fetched may be so large, MiB of text.",
  ),
  SYMBOLS_PROXY_FETCHES: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe("So many files are so fetched at a time; others wait."),
  SYMBOLS_BUILDERS: z.coerce
    .number()
    .int()
    .min(0)
    .max(64)
    .default(1)
    .describe(
      "Symcaches that are built at once when symbols arrive. 0: nothing is asked for or built, and who needs symbols builds them.",
    ),
  REDIS_URL: sharedSettings.REDIS_URL,
  DATABASE_URL: sharedSettings.DATABASE_URL,
  SYMBOL_SOURCES: sharedSettings.SYMBOL_SOURCES,
  SOURCE_LINKS: sharedSettings.SOURCE_LINKS,
  ...symbolStoreSettings,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
