import { ConfigError } from "@mayday/config";
import {
  consumeArrivals,
  createArrivalsPublisher,
  createBulkJobs,
  createHealingsPublisher,
  createPublisher,
  createQueueHistory,
  createSymcachePublisher,
  openNotebook,
  openTallies,
  runSchedules,
  type Schedule,
} from "@mayday/queue";
import { openRecords, SERVICE_WAITS_MS } from "@mayday/records/open";
import { openConfiguredEngine } from "@mayday/search/open";
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
import { createCrashStorage, createPingStorage, storedMissing } from "@mayday/storage";
import { openCrashObjects, openSymbolObjects } from "@mayday/storage/open";
import { symbolSources } from "@mayday/symbols";
import { deleteAsked } from "./deletion.ts";
import { expire } from "./expiry.ts";
import { exportDays } from "./export-day.ts";
import { seeSignatures } from "./first-seen.ts";
import { heal, noteArrival } from "./healing.ts";
import { learnReleases } from "./learned-releases.ts";
import { askForMissing } from "./missing-symbols.ts";
import { addQueueMetrics } from "./queue-metrics.ts";
import { reindex } from "./reindexing.ts";
import { schedulerSettings } from "./settings.ts";
import { Sweep } from "./sweep.ts";
import { sweepPings } from "./sweep-pings.ts";
import { expireOldSymbols } from "./symbol-expiry.ts";
import { askForSymcaches } from "./symcaches.ts";
import { tellOfTrends } from "./trends/alerts.ts";
import { findTrends } from "./trends/find-trends.ts";

export { exportDay, exportKey, pingExportKey } from "./export-day.ts";
export { schedulerSettings } from "./settings.ts";
export { storedDocuments, storedPingDocuments } from "./stored-documents.ts";

const CLOSE_LIMIT_MS = 4000;
const FEED_EVERY_MS = 1000;
const HEAL_EVERY_MS = 1000;
const DELETE_EVERY_MS = 60_000;
const EXPIRE_EVERY_MS = 3_600_000;
const EXPORT_EVERY_MS = 3_600_000;
const TRENDS_EVERY_MS = 3_600_000;
const ALERT_EVERY_MS = 300_000;
const LEARN_EVERY_MS = 600_000;

/** Starts a scheduler as the environment says. The first sweep runs at once: the last stop may have been a kill. */
export async function startScheduler(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics: own } = beginService("scheduler", schedulerSettings, environment);
  const tallies = openTallies(settings.REDIS_URL, (error) => log.warn({ err: error }, "tallies"));
  const metrics = tallied(own, tallies);
  const onError = (error: Error) => {
    metrics.count("redis_errors_total", {});
    log.warn({ err: error }, "queue");
  };
  const objects = measuredStore(await openCrashObjects(settings), metrics);
  const storage = createCrashStorage(objects);
  const pings = createPingStorage(objects);
  const publisher = createPublisher(settings.REDIS_URL, onError);
  const bulk = createBulkJobs(settings.REDIS_URL, onError);
  const notebook = openNotebook(settings.REDIS_URL, onError);
  const engine = measuredEngine(await openConfiguredEngine(settings), metrics);
  const records = await openRecords(settings, {
    onError: (error) => log.warn({ err: error }, "records"),
    waitMs: SERVICE_WAITS_MS,
  });
  const now = () => new Date();
  const parts = { storage, publisher, engine, notebook, log, metrics, now };
  const healings = createHealingsPublisher(settings.REDIS_URL, onError);
  const arrivalsPublisher = createArrivalsPublisher(settings.REDIS_URL, onError);
  const symcaches = createSymcachePublisher(settings.REDIS_URL, onError);
  const healing = { ...parts, bulk, healings, symcaches };
  const arrivals = consumeArrivals((job) => noteArrival(job, healing), {
    redisUrl: settings.REDIS_URL,
    concurrency: 1,
    onError,
    ...measuredQueue(metrics),
  });
  const sweep = new Sweep(parts);
  const history = createQueueHistory(settings.REDIS_URL, onError);
  addQueueMetrics(metrics, history);

  const schedules: Schedule[] = [
    {
      name: "sweep",
      everyMs: settings.SCHEDULER_SWEEP_EVERY_MS,
      atStart: true,
      // Nothing is too young for the first one: who would have queued it may be dead.
      run: ({ isFirst, signal }) =>
        sweep.run({
          days: settings.SCHEDULER_SWEEP_DAYS,
          graceMs: isFirst ? 0 : settings.SCHEDULER_SWEEP_GRACE_MS,
          signal,
        }),
    },
    {
      name: "bulk",
      everyMs: FEED_EVERY_MS,
      run: async () => metrics.count("scheduler_bulk_total", {}, await bulk.feed(publisher)),
    },
    {
      name: "deletion",
      everyMs: DELETE_EVERY_MS,
      atStart: true,
      run: ({ signal }) => deleteAsked({ ...parts, objects, pings, deletions: records.deletions }, signal),
    },
    {
      name: "pings",
      everyMs: settings.SCHEDULER_SWEEP_EVERY_MS,
      atStart: true,
      run: ({ signal }) =>
        sweepPings({ ...parts, objects, pings }, { days: settings.SCHEDULER_SWEEP_DAYS, signal }),
    },
    {
      name: "reindexing",
      everyMs: settings.SCHEDULER_SWEEP_EVERY_MS,
      atStart: true,
      run: ({ signal }) => reindex(parts, signal),
    },
    {
      name: "symcaches",
      everyMs: settings.SCHEDULER_SWEEP_EVERY_MS,
      run: ({ signal }) => askForSymcaches({ ...parts, symcaches, uploads: records.uploads }, signal),
    },
    {
      name: "signatures",
      everyMs: LEARN_EVERY_MS,
      atStart: true,
      run: ({ signal }) => seeSignatures({ ...parts, signatures: records.signatures }, signal),
    },
    {
      name: "releases",
      everyMs: LEARN_EVERY_MS,
      run: () => learnReleases({ ...parts, releases: records.releases }),
    },
    {
      name: "trends",
      everyMs: TRENDS_EVERY_MS,
      atStart: true,
      run: ({ signal }) => findTrends({ ...parts, trends: records.trends }, signal),
    },
    { name: "healing", everyMs: HEAL_EVERY_MS, run: () => heal(healing) },
  ];
  const keptDays = {
    v1: settings.SCHEDULER_SYMBOLS_KEEP_DAYS,
    "try/v1": settings.SCHEDULER_TRY_SYMBOLS_KEEP_DAYS,
    "fetched/v1": settings.SCHEDULER_FETCHED_SYMBOLS_KEEP_DAYS,
  };
  const symbols = measuredStore(await openSymbolObjects(settings), metrics);
  if (settings.SYMBOL_SOURCES.length > 0) {
    const firstMs = settings.SCHEDULER_MISSING_AFTER_MS;
    const asking = {
      ...parts,
      sources: symbolSources(settings.SYMBOL_SOURCES),
      missing: storedMissing(symbols),
      arrivals: arrivalsPublisher,
    };
    schedules.push({
      name: "missing-symbols",
      everyMs: Math.min(firstMs, LEARN_EVERY_MS),
      run: ({ signal }) => askForMissing(asking, { firstMs, signal }),
    });
  }
  if (Object.values(keptDays).some((days) => days > 0)) {
    schedules.push({
      name: "symbol-expiry",
      everyMs: EXPIRE_EVERY_MS,
      run: ({ signal }) => expireOldSymbols({ ...parts, symbols }, { days: keptDays, signal }),
    });
  }
  if (settings.ALERT_WEBHOOK !== "") {
    if (settings.ALERT_SECRET === "")
      throw new ConfigError(["ALERT_SECRET: ALERT_WEBHOOK needs it, what that is sent is signed"]);
    const webhook = {
      url: settings.ALERT_WEBHOOK,
      secret: settings.ALERT_SECRET,
      least: settings.ALERT_LEAST,
    };
    schedules.push({
      name: "alerts",
      everyMs: ALERT_EVERY_MS,
      run: () => tellOfTrends({ ...parts, trends: records.trends }, webhook),
    });
  }
  if (settings.SCHEDULER_KEEP_MONTHS > 0) {
    schedules.push({
      name: "expiry",
      everyMs: EXPIRE_EVERY_MS,
      run: ({ signal }) => expire({ ...parts, pings }, { months: settings.SCHEDULER_KEEP_MONTHS, signal }),
    });
  }
  if (settings.SCHEDULER_EXPORT) {
    schedules.push({
      name: "export",
      everyMs: EXPORT_EVERY_MS,
      atStart: true,
      run: async ({ signal }) => {
        const { writeParquet } = await import("@mayday/search/duckdb");
        await exportDays({ ...parts, objects, pings, writeParquet }, signal);
      },
    });
  }
  const running = runSchedules(schedules, {
    redisUrl: settings.REDIS_URL,
    onError: (error) => log.error({ err: error }, "scheduled work"),
    onRan: (work, ms, outcome) => {
      metrics.count("scheduler_runs_total", { work, outcome });
      metrics.observe("scheduler_run_seconds", { work }, ms / 1000);
    },
  });

  const health = await startHealthServer(
    settings.SCHEDULER_PORT,
    { storage: () => storage.check(), queue: () => publisher.check() },
    metrics,
    settings.SCHEDULER_HOST,
  );
  return {
    name: "scheduler",
    url: health.url,
    async stop() {
      await Promise.all([arrivals, running].map((one) => one.close(CLOSE_LIMIT_MS)));
      // The last figures are of the queues too, which are asked for theirs.
      await health.close();
      await metrics.close();
      const parts = [
        publisher,
        bulk,
        notebook,
        engine,
        healings,
        arrivalsPublisher,
        symcaches,
        history,
        records,
        tallies,
      ];
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}

if (import.meta.main) await runService("scheduler", startScheduler);
