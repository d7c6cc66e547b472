import { consumeIndexing } from "@mayday/queue";
import { openConfiguredEngine } from "@mayday/search/open";
import { beginService, type RunningService, runService, startHealthServer } from "@mayday/service";
import { createCrashStorage, createPingStorage } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import { createIndexer } from "./indexer.ts";
import { indexerSettings } from "./settings.ts";

export { indexerSettings } from "./settings.ts";

/** Jobs taken at once; together they make batches. */
const CONCURRENCY = 200;
const CLOSE_LIMIT_MS = 4000;

/** Starts an indexer as the environment says. */
export async function startIndexer(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("indexer", indexerSettings, environment);
  const objects = await openCrashObjects(settings);
  const storage = createCrashStorage(objects);
  const pings = createPingStorage(objects);
  const engine = await openConfiguredEngine(settings, settings.INDEXER_MEMORY_MB);
  const consumer = consumeIndexing(createIndexer({ storage, pings, engine, log, metrics }), {
    redisUrl: settings.REDIS_URL,
    concurrency: CONCURRENCY,
    onError: (error) => log.warn({ err: error }, "queue"),
  });
  const health = await startHealthServer(
    settings.INDEXER_PORT,
    { storage: () => storage.check(), search: () => engine.check() },
    metrics,
  );
  log.info({ url: health.url }, "indexer works");
  return {
    name: "indexer",
    url: health.url,
    async stop() {
      await consumer.close(CLOSE_LIMIT_MS);
      await health.close();
      await engine.close();
    },
  };
}

if (import.meta.main) await runService("indexer", startIndexer);
