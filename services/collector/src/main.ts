import { join } from "node:path";
import { beginService, closeServer, listen, type RunningService, runService } from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { createCrashStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { mozillaPackages, rulesets } from "@mayday/throttle";
import pLimit from "p-limit";
import { createCollector } from "./collector.ts";
import { collectorSettings } from "./settings.ts";

export { collectorSettings } from "./settings.ts";

const MEBIBYTE = 1024 * 1024;
/** As many as Node inflates at a time. */
const INFLATED_AT_ONCE = 4;

/** Starts a collector as the environment says. */
export async function startCollector(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("collector", collectorSettings, environment);
  const storage = createCrashStorage(await openFsObjectStore(join(settings.MAYDAY_DATA_DIR, "crashes")));
  const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
  const server = createCollector(
    {
      storage,
      publisher,
      log,
      metrics,
      rules: rulesets[settings.COLLECTOR_THROTTLE_RULES],
      throttleContext: { products: settings.COLLECTOR_PRODUCTS, packages: mozillaPackages },
      limits: {
        maxBodyBytes: settings.COLLECTOR_MAX_BODY_MB * MEBIBYTE,
        maxInflatedBytes: settings.COLLECTOR_MAX_INFLATED_MB * MEBIBYTE,
      },
      resubmitterToken: settings.COLLECTOR_RESUBMITTER_TOKEN,
      inflating: pLimit(INFLATED_AT_ONCE),
      now: () => new Date(),
      random: Math.random,
    },
    settings.COLLECTOR_REQUEST_TIMEOUT_MS,
  );
  const url = await listen(server, settings.COLLECTOR_PORT, settings.COLLECTOR_HOST);
  log.info({ url }, "collector listens");
  return {
    name: "collector",
    url,
    async stop() {
      await closeServer(server);
      await publisher.close();
    },
  };
}

if (import.meta.main) await runService("collector", startCollector);
