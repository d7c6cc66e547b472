import { beginService, type RunningService, runService, startHealthServer } from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { openConfiguredEngine } from "@mayday/search/open";
import { createCrashStorage } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import { repeatedly } from "./repeatedly.ts";
import { schedulerSettings } from "./settings.ts";
import { Sweep } from "./sweep.ts";

export { schedulerSettings } from "./settings.ts";

/** Starts a scheduler as the environment says. The first sweep runs at once: the last stop may have been a kill. */
export async function startScheduler(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("scheduler", schedulerSettings, environment);
  const storage = createCrashStorage(await openCrashObjects(settings));
  const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
  const engine = await openConfiguredEngine(settings);
  const now = () => new Date();
  const sweep = new Sweep({ storage, publisher, engine, log, metrics, now });

  // Nothing is too young for the first one: who would have queued it may be dead.
  const graceMs = (isFirst: boolean) => (isFirst ? 0 : settings.SCHEDULER_SWEEP_GRACE_MS);
  const onError = (error: unknown) => log.error({ err: error }, "sweep failed");
  const sweeping = repeatedly(
    ({ isFirst, signal }) =>
      sweep.run({ days: settings.SCHEDULER_SWEEP_DAYS, graceMs: graceMs(isFirst), signal }),
    settings.SCHEDULER_SWEEP_EVERY_MS,
    onError,
  );

  const health = await startHealthServer(
    settings.SCHEDULER_PORT,
    { storage: () => storage.check(), queue: () => publisher.check() },
    metrics,
  );
  return {
    name: "scheduler",
    url: health.url,
    async stop() {
      await sweeping.stop();
      await Promise.all([health.close(), publisher.close(), engine.close()]);
    },
  };
}

if (import.meta.main) await runService("scheduler", startScheduler);
