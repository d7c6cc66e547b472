import { z } from "zod";
import { flag, links, list, passwordWithin } from "./setting-types.ts";

/** Settings that more than one service reads. */
export const sharedSettings = {
  MAYDAY_DATA_DIR: z
    .string()
    .default("./data")
    .describe("Folder of the embedded parts: stored crashes, symbols, the search index, Redis."),
  REDIS_URL: passwordWithin(z.string().default("redis://127.0.0.1:6379")).describe(
    "Redis of the queues: `redis://user:password@host:6379`, `rediss://` with TLS, the path of a unix socket, `redis+sentinel://:password@host:26379,host:26379/name` or `redis+cluster://:password@host:6379,host:6379` (docs/operate.md). `npm start` runs one of its own when unset.",
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
  DATABASE_URL: passwordWithin(z.string().default("")).describe(
    "PostgreSQL of the records (tokens, releases, bugs, the audit log), for more machines than one: `postgres://user:password@host:5432/mayday`. When unset they are in `records.sqlite` of the data folder.",
  ),
  SOURCE_LINKS: links().describe(
    "Where sources are looked at, by their server's name in the symbols, comma list: `gitlab.example.com=https://gitlab.example.com/{repository}/-/blob/{revision}/{path}#L{line}`; `s3:<bucket>=…` for generated files. hg.mozilla.org, github.com and gitlab.com are known.",
  ),
  SEARCH_PARITY: flag(false).describe(
    "Reads searches as Crash Stats does, its accidents included; docs/search.md names each. For comparisons.",
  ),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("The least important log lines that are written."),
  LOG_FILE: z.string().default("").describe("File for log lines; standard error when unset."),
  LOG_MAX_MB: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(64)
    .describe(
      "Size at which a log file is set aside as `<file>.1`, MiB; 0 leaves that to others, as logrotate.",
    ),
  LOG_KEEP: z.coerce
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(5)
    .describe("How many earlier log files stay, `<file>.1` the newest."),
} as const;

/** Where crashes are searched. */
export const searchSettings = {
  SEARCH_ENGINE: z
    .enum(["duckdb", "opensearch"])
    .default("duckdb")
    .describe(
      "The search engine: one inside the process, in the file `search.duckdb` of the data, which one process at a time may open (duckdb), or OpenSearch, for any number of processes (opensearch).",
    ),
  SEARCH_URL: z
    .url({ protocol: /^https?$/ })
    .default("http://127.0.0.1:9200")
    .describe("Address of OpenSearch."),
} as const;

/** What the settings of a store of objects are described with. */
function storeSettings(what: string, folder: string, bucket: string) {
  return {
    store: z
      .enum(["fs", "s3", "gcs"])
      .default("fs")
      .describe(
        `Where ${what} are stored: in the folder \`${folder}\` of the data, a file for each object (fs), in an S3 bucket (s3) or in a bucket of Google's (gcs).`,
      ),
    bucket: z.string().default(bucket).describe(`Bucket of the ${what} (s3, gcs).`),
    region: z.string().default("us-east-1").describe("Region of the bucket (s3)."),
    endpoint: z
      .string()
      .default("")
      .describe(
        "Address of a server that speaks S3 or GCS and is not Amazon's or Google's. Credentials are read from the clouds' own variables (AWS_ACCESS_KEY_ID, GOOGLE_APPLICATION_CREDENTIALS …).",
      ),
  };
}

const crashes = storeSettings("crashes", "crashes", "crashes");
const symbols = storeSettings("uploaded symbols", "symbols", "symbols");

/** Where crashes are stored; every service that reads or writes them has these. */
export const crashStoreSettings = {
  MAYDAY_DATA_DIR: sharedSettings.MAYDAY_DATA_DIR,
  CRASH_STORE: crashes.store,
  CRASH_STORE_BUCKET: crashes.bucket,
  CRASH_STORE_REGION: crashes.region,
  CRASH_STORE_ENDPOINT: crashes.endpoint,
} as const;

/** Where symbols are stored; every service that reads or writes them has these. */
export const symbolStoreSettings = {
  MAYDAY_DATA_DIR: sharedSettings.MAYDAY_DATA_DIR,
  SYMBOL_STORE: symbols.store,
  SYMBOL_STORE_BUCKET: symbols.bucket,
  SYMBOL_STORE_REGION: symbols.region,
  SYMBOL_STORE_ENDPOINT: symbols.endpoint,
} as const;
