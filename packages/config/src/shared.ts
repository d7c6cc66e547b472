import { z } from "zod";
import { list } from "./setting-types.ts";

/** Settings that more than one service reads. */
export const sharedSettings = {
  MAYDAY_DATA_DIR: z
    .string()
    .default("./data")
    .describe("Folder of the embedded parts: stored crashes, symbols, the search index, Redis."),
  REDIS_URL: z
    .string()
    .default("redis://127.0.0.1:6379")
    .describe(
      "Redis of the queues: redis://, rediss:// or the path of a unix socket. `npm start` runs one of its own when unset.",
    ),
  SYMBOL_SOURCES: list().describe(
    "Where symbols may be besides the own store: comma list of folders in symbol-server layout (`.sym`, plain, `.gz` or `.zst`, and `.symcache` beside them) and addresses of symbol servers. Folders are asked first, then the own store, then servers.",
  ),
  SIGNATURE_LISTS: z
    .string()
    .default("")
    .describe("Folder of the four signature lists; the project's own when unset."),
  SIGNATURE_SWITCHES: list().describe(
    "Where signatures are made otherwise than siggen makes them: comma list; `mayday signature --help` names the switches.",
  ),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("The least important log lines that are written."),
  LOG_FILE: z.string().default("").describe("File for log lines; standard error when unset."),
} as const;

/** Where crashes are stored; every service that reads or writes them has these. */
export const crashStoreSettings = {
  MAYDAY_DATA_DIR: sharedSettings.MAYDAY_DATA_DIR,
  CRASH_STORE: z
    .enum(["fs", "s3", "gcs"])
    .default("fs")
    .describe(
      "Where crashes are stored: in the data folder, a file for each object (fs), in an S3 bucket (s3) or in a bucket of Google's (gcs).",
    ),
  CRASH_STORE_BUCKET: z.string().default("crashes").describe("Bucket of the crashes (s3, gcs)."),
  CRASH_STORE_REGION: z.string().default("us-east-1").describe("Region of the bucket (s3)."),
  CRASH_STORE_ENDPOINT: z
    .string()
    .default("")
    .describe(
      "Address of a server that speaks S3 or GCS and is not Amazon's or Google's. Credentials are read from the clouds' own variables (AWS_ACCESS_KEY_ID, GOOGLE_APPLICATION_CREDENTIALS …).",
    ),
} as const;
