import { join } from "node:path";
import { beginService, type RunningService, runService, startHealthServer } from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { createCrashStorage } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import { schedulerSettings } from "./settings.ts";
import { Sweep } from "./sweep.ts";

export { schedulerSettings } from "./settings.ts";

/** Starts a scheduler as the environment says. The first sweep runs at once: the last stop may have been a kill. */
export async function startScheduler(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("scheduler", schedulerSettings, environment);
  const storage = createCrashStorage(await openCrashObjects(settings));
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

  const health = await startHealthServer(
    settings.SCHEDULER_PORT,
    { storage: () => storage.check(), queue: () => publisher.check() },
    metrics,
  );
  return {
    name: "scheduler",
    url: health.url,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
      await Promise.all([health.close(), publisher.close(), engine.close()]);
    },
  };
}

if (import.meta.main) await runService("scheduler", startScheduler);
