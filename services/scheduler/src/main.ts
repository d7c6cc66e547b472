import { join } from "node:path";
import { maskedSettings, readSettings } from "@mayday/config";
import {
  addHealthRoutes,
  closeServer,
  createLogger,
  createMetrics,
  listen,
  type RunningService,
  runService,
} from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { createCrashStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import Fastify from "fastify";
import { schedulerSettings } from "./settings.ts";
import { Sweep } from "./sweep.ts";

export { schedulerSettings } from "./settings.ts";

/** Starts a scheduler as the environment says. The first sweep runs at once: the last stop may have been a kill. */
export async function startScheduler(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const settings = readSettings(schedulerSettings, environment);
  const log = createLogger({ service: "scheduler", level: settings.LOG_LEVEL, file: settings.LOG_FILE });
  log.info({ settings: maskedSettings(schedulerSettings, settings) }, "starting");
  const metrics = createMetrics();
  const storage = createCrashStorage(await openFsObjectStore(join(settings.MAYDAY_DATA_DIR, "crashes")));
  const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
  const engine = await openDuckDbEngine({ path: join(settings.MAYDAY_DATA_DIR, "search.duckdb") });
  const sweep = new Sweep({ storage, publisher, engine, log, metrics, now: () => new Date() });

  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const stopping = new AbortController();
  const sweepAndWait = (graceMs: number) => {
    const reach = { days: settings.SCHEDULER_SWEEP_DAYS, graceMs, signal: stopping.signal };
    running = sweep
      .run(reach)
      .catch((error) => log.error({ err: error }, "sweep failed"))
      .finally(() => {
        if (stopping.signal.aborted) return;
        timer = setTimeout(
          sweepAndWait,
          settings.SCHEDULER_SWEEP_EVERY_MS,
          settings.SCHEDULER_SWEEP_GRACE_MS,
        );
      });
  };
  sweepAndWait(0);

  const server = Fastify({ logger: false });
  addHealthRoutes(server, { storage: () => storage.check(), queue: () => publisher.check() }, metrics);
  const url = await listen(server, settings.SCHEDULER_PORT);
  return {
    name: "scheduler",
    url,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
      await Promise.all([closeServer(server), publisher.close(), engine.close()]);
    },
  };
}

if (import.meta.main) await runService("scheduler", startScheduler);
