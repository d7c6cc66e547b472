import { resolve } from "node:path";
import {
  consumeCrashes,
  consumePings,
  crashQueueNames,
  createBulkJobs,
  createMissingSymbolsPublisher,
  createPublisher,
  openTallies,
} from "@mayday/queue";
import { openRecords, SERVICE_WAITS_MS } from "@mayday/records/open";
import {
  beginService,
  measuredQueue,
  measuredStore,
  type RunningService,
  runService,
  startHealthServer,
  tallied,
} from "@mayday/service";
import { siglistsVersion, signatureMaker } from "@mayday/signature";
import { createCrashStorage, createPingStorage } from "@mayday/storage";
import { openCrashObjects, type SymbolStoreSettings } from "@mayday/storage/open";
import { handlePings } from "./pings/handle-pings.ts";
import { pingPool } from "./pings/ping-pool.ts";
import { givenOfPings, pingRules } from "./pings/process-pings.ts";
import { FETCH_SHARE, processingPool } from "./processing/processing-pool.ts";
import { handleCrash, setAside } from "./processor.ts";
import { checkRules } from "./rule.ts";
import { RULES_VERSION, rulesets } from "./rulesets.ts";
import { processorSettings } from "./settings.ts";
import { versionFinder } from "./versions/version-finder.ts";

export { processorSettings } from "./settings.ts";

const MEBIBYTE = 1024 * 1024;
/** What was begun gets this long to end when the service stops, ms; the rest is delivered again. */
const CLOSE_LIMIT_MS = 4000;

/** Starts a processor as the environment says. */
export async function startProcessor(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics: own, traces } = beginService("processor", processorSettings, environment);
  const tallies = openTallies(settings.REDIS_URL, (error) => log.warn({ err: error }, "tallies"));
  const metrics = tallied(own, tallies);
  const onError = (error: unknown) => {
    metrics.count("redis_errors_total", {});
    log.warn({ err: error }, "queue");
  };
  const objects = measuredStore(await openCrashObjects(settings), metrics);
  const storage = createCrashStorage(objects);
  const threads = {
    timeoutMs: settings.PROCESSOR_WALK_TIMEOUT_MS,
    heapMb: settings.PROCESSOR_THREAD_HEAP_MB,
    onError: (error: Error) => log.error({ err: error }, "processing thread"),
    settings: {
      MAYDAY_DATA_DIR: resolve(settings.MAYDAY_DATA_DIR),
      DATABASE_URL: settings.DATABASE_URL,
      SIGNATURE_LISTS: settings.SIGNATURE_LISTS,
      SIGNATURE_SWITCHES: settings.SIGNATURE_SWITCHES,
      PROCESSOR_RELEASES_FILE: settings.PROCESSOR_RELEASES_FILE,
      PROCESSOR_VERSION_API: settings.PROCESSOR_VERSION_API,
      symbolStore: symbolStoreOf(settings),
      symbolSources: settings.SYMBOL_SOURCES,
      memoryBytes: settings.PROCESSOR_SYMBOLS_MEMORY_MB * MEBIBYTE,
      symcacheBytes: settings.PROCESSOR_SYMCACHE_MAX_MB * MEBIBYTE,
      fetchBytes: settings.PROCESSOR_WALK_SYMBOLS_MB * MEBIBYTE,
      missesLastMs: settings.PROCESSOR_MISSING_SYMBOLS_MS,
    },
  };
  const processing = processingPool({ ...threads, threads: settings.PROCESSOR_THREADS });
  const publisher = createPublisher(settings.REDIS_URL, onError);
  checkRules(rulesets.default);
  checkRules(pingRules, givenOfPings);
  // Faults of settings that threads read are told at the start.
  await signatureMaker(settings.SIGNATURE_LISTS, settings.SIGNATURE_SWITCHES);
  const records = await openRecords(settings, { onError, waitMs: SERVICE_WAITS_MS });
  await versionFinder(settings, records.releases);
  const versions = { rules: RULES_VERSION, lists: await siglistsVersion(settings.SIGNATURE_LISTS) };
  const bulk = createBulkJobs(settings.REDIS_URL, onError);
  const missing = createMissingSymbolsPublisher(settings.REDIS_URL, onError);
  const parts = {
    storage,
    dumpRoom: {
      memoryBytes: settings.PROCESSOR_DUMP_MEMORY_MB * MEBIBYTE,
      folder: resolve(settings.MAYDAY_DATA_DIR, "large-dumps"),
    },
    publisher,
    bulk,
    missing,
    processing,
    versions,
    log,
    metrics,
    traces,
    now: () => new Date(),
  };
  const consumers = crashQueueNames.map((name) =>
    consumeCrashes(
      name,
      (job, attempt) => handleCrash(name, job, attempt, parts),
      {
        redisUrl: settings.REDIS_URL,
        // Reprocessing takes one at a time, so that a bulk of it never starves live traffic.
        concurrency: name === "reprocessing" ? 1 : settings.PROCESSOR_THREADS,
        onError,
        ...measuredQueue(metrics),
      },
      (job, error) => setAside(name, job, error, parts),
    ),
  );
  const pool = pingPool({
    ...threads,
    threads: settings.PROCESSOR_PING_THREADS,
    settings: {
      ...threads.settings,
      limitMs: threads.timeoutMs,
      fetchMs: threads.timeoutMs * FETCH_SHARE,
    },
  });
  const pings = { pings: createPingStorage(objects), pool, deletions: records.deletions };
  consumers.push(
    consumePings((job) => handlePings(job, { ...parts, ...pings }), {
      redisUrl: settings.REDIS_URL,
      // One is loaded and saved while another is processed.
      concurrency: settings.PROCESSOR_PING_THREADS + 1,
      onError,
    }),
  );
  const health = await startHealthServer(
    settings.PROCESSOR_PORT,
    { storage: () => storage.check(), queue: () => publisher.check() },
    metrics,
    settings.PROCESSOR_HOST,
  );
  log.info({ url: health.url, threads: settings.PROCESSOR_THREADS }, "processor works");
  return {
    name: "processor",
    url: health.url,
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.close(CLOSE_LIMIT_MS)));
      const parts = [health, publisher, bulk, missing, processing, pool, records, tallies];
      await Promise.all([...parts, traces, metrics].map((part) => part.close()));
    },
  };
}

/** What a walking thread is told of the symbol store. */
function symbolStoreOf(settings: SymbolStoreSettings): SymbolStoreSettings {
  return {
    MAYDAY_DATA_DIR: resolve(settings.MAYDAY_DATA_DIR),
    SYMBOL_STORE: settings.SYMBOL_STORE,
    SYMBOL_STORE_BUCKET: settings.SYMBOL_STORE_BUCKET,
    SYMBOL_STORE_REGION: settings.SYMBOL_STORE_REGION,
    SYMBOL_STORE_ENDPOINT: settings.SYMBOL_STORE_ENDPOINT,
  };
}

if (import.meta.main) await runService("processor", startProcessor);
