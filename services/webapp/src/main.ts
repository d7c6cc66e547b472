import {
  connectRedisAtOnce,
  createBulkJobs,
  createCrashJobs,
  createPublisher,
  openNotebook,
} from "@mayday/queue";
import { openRecords } from "@mayday/records/open";
import { openConfiguredEngine } from "@mayday/search/open";
import { beginService, closeServer, listen, type RunningService, runService } from "@mayday/service";
import { signatureMaker } from "@mayday/signature";
import { createCrashStorage } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import { webappSettings } from "./settings.ts";
import { createWebapp } from "./webapp.ts";

export { webappSettings } from "./settings.ts";

/** Starts a webapp as the environment says. */
export async function startWebapp(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("webapp", webappSettings, environment);
  const makeSignature = await signatureMaker(settings.SIGNATURE_LISTS, settings.SIGNATURE_SWITCHES);
  const storage = createCrashStorage(await openCrashObjects(settings, "page"));
  const engine = await openConfiguredEngine(settings);
  const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
  const onQueueError = (error: unknown) => log.warn({ err: error }, "queue");
  const bulk = createBulkJobs(settings.REDIS_URL, onQueueError);
  const crashJobs = createCrashJobs(settings.REDIS_URL, onQueueError);
  const notebook = openNotebook(settings.REDIS_URL, onQueueError);
  const counts = connectRedisAtOnce(settings.REDIS_URL);
  counts.on("error", (error) => log.warn({ err: error }, "rate limits"));
  const records = await openRecords(settings, { onError: (error) => log.warn({ err: error }, "records") });
  const server = createWebapp({
    storage,
    engine,
    publisher,
    bulk,
    crashJobs,
    notebook,
    records,
    makeSignature,
    log,
    metrics,
    granted: { permissions: new Set(settings.WEBAPP_PERMISSIONS), hosts: settings.WEBAPP_HOSTS },
    collectorUrl: settings.WEBAPP_COLLECTOR_URL.replace(/\/+$/, ""),
    search: {
      parity: settings.SEARCH_PARITY,
      products: settings.WEBAPP_PRODUCTS.length === 0 ? undefined : new Set(settings.WEBAPP_PRODUCTS),
    },
    rateLimits: {
      anonymous: settings.WEBAPP_RATE_ANONYMOUS,
      token: settings.WEBAPP_RATE_TOKEN,
      addressHeader: settings.WEBAPP_ADDRESS_HEADER,
      redis: counts,
    },
    now: () => new Date(),
  });
  const url = await listen(server, settings.WEBAPP_PORT, settings.WEBAPP_HOST);
  log.info({ url }, "webapp listens");
  return {
    name: "webapp",
    url,
    async stop() {
      await closeServer(server);
      counts.disconnect();
      await Promise.all([
        publisher.close(),
        bulk.close(),
        crashJobs.close(),
        engine.close(),
        records.close(),
      ]);
    },
  };
}

if (import.meta.main) await runService("webapp", startWebapp);
