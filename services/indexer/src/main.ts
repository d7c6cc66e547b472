import { consumeIndexing, openTallies } from "@mayday/queue";
import { migrateConfiguredIndex, openConfiguredEngine } from "@mayday/search/open";
import {
  beginService,
  measuredEngine,
  measuredQueue,
  measuredStore,
  type RunningService,
  runService,
  startHealthServer,
  tallied,
} from "@mayday/service";
import { createCrashStorage, createPingStorage } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import { createIndexer } from "./indexer.ts";
import { moveIndex } from "./move-index.ts";
import { indexerSettings } from "./settings.ts";

export { indexerSettings } from "./settings.ts";

/** Jobs taken at once; together they make batches. */
const CONCURRENCY = 200;
const CLOSE_LIMIT_MS = 4000;

/** Starts an indexer as the environment says. */
export async function startIndexer(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics: own, traces } = beginService("indexer", indexerSettings, environment);
  const tallies = openTallies(settings.REDIS_URL, (error) => log.warn({ err: error }, "tallies"));
  const metrics = tallied(own, tallies);
  const objects = measuredStore(await openCrashObjects(settings), metrics);
  const storage = createCrashStorage(objects);
  const pings = createPingStorage(objects);
  const engine = measuredEngine(await openConfiguredEngine(settings, settings.INDEXER_MEMORY_MB), metrics);
  const consumer = consumeIndexing(createIndexer({ storage, pings, engine, log, metrics, traces }), {
    redisUrl: settings.REDIS_URL,
    concurrency: CONCURRENCY,
    onError: (error) => {
      metrics.count("redis_errors_total", {});
      log.warn({ err: error }, "queue");
    },
    ...measuredQueue(metrics),
  });
  const health = await startHealthServer(
    settings.INDEXER_PORT,
    { storage: () => storage.check(), search: () => engine.check() },
    metrics,
    settings.INDEXER_HOST,
  );
  log.info({ url: health.url }, "indexer works");
  const moving = moveIndex((signal) => migrateConfiguredIndex(settings, signal), log);
  return {
    name: "indexer",
    url: health.url,
    async stop() {
      await moving.stop();
      await consumer.close(CLOSE_LIMIT_MS);
      await health.close();
      await engine.close();
      await Promise.all([tallies, traces, metrics].map((part) => part.close()));
    },
  };
}

if (import.meta.main) await runService("indexer", startIndexer);
