import { join } from "node:path";
import type { Settings } from "@mayday/config";
import type { Logger, Metrics, Traces } from "@mayday/observability";
import { createPublisher, openTallies } from "@mayday/queue";
import {
  beginService,
  closeServer,
  listen,
  lockFolder,
  measuredStore,
  type RunningService,
  runService,
  tallied,
} from "@mayday/service";
import { withZstdDumps } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import { mozillaProductsFile, readProducts, rulesets } from "@mayday/throttle";
import pLimit from "p-limit";
import { createCollector } from "./collector.ts";
import { healthChecks } from "./health-checks.ts";
import { readAnnotationNames } from "./intake/annotation-names.ts";
import { MemoryBudget } from "./intake/memory-budget.ts";
import { Journal } from "./journal/journal.ts";
import { MoverThread } from "./mover/mover-thread.ts";
import { collectorSettings } from "./settings.ts";

export { collectorSettings } from "./settings.ts";

const MEBIBYTE = 1024 * 1024;
/** As many as Node inflates at a time. */
const INFLATED_AT_ONCE = 4;
/** Bodies that are larger than memory and take room on the disk at a time. */
const LARGE_AT_ONCE = 4;
const SEGMENT_BYTES = 64 * MEBIBYTE;
/** A small journal is cut into so many: what is moved makes room by whole segments. */
const LEAST_SEGMENTS = 8;
/** How long a stop waits for reports to get into storage; what is left then is moved after the next start. */
const MOVE_LIMIT_MS = 4000;

/** Starts a collector as the environment says. */
export async function startCollector(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics: own, traces } = beginService("collector", collectorSettings, environment);
  const tallies = openTallies(settings.REDIS_URL, (error) => log.warn({ err: error }, "tallies"));
  const metrics = tallied(own, tallies);
  const publisher = createPublisher(settings.REDIS_URL, (error) => {
    metrics.count("redis_errors_total", {});
    log.warn({ err: error }, "queue");
  });
  const { store, journal, mover, close } = await openKeeping(settings, { log, metrics, traces });
  metrics.gauge("collector_journal_bytes", () => journal.bytes);
  metrics.gauge("collector_journal_waiting_entries", () => mover.waiting);
  const server = createCollector(
    {
      journal,
      store,
      log,
      metrics,
      traces,
      rules: rulesets[settings.COLLECTOR_THROTTLE_RULES],
      throttleContext: readProducts(settings.COLLECTOR_PRODUCTS_FILE || mozillaProductsFile),
      annotationNames: readAnnotationNames(settings.COLLECTOR_ANNOTATION_NAMES_FILE),
      limits: {
        maxBodyBytes: settings.COLLECTOR_MAX_BODY_MB * MEBIBYTE,
        maxInflatedBytes: settings.COLLECTOR_MAX_INFLATED_MB * MEBIBYTE,
        maxPingBytes: settings.COLLECTOR_MAX_PING_MB * MEBIBYTE,
      },
      largeBodies: {
        memoryBytes: settings.COLLECTOR_MEMORY_BODY_MB * MEBIBYTE,
        folder: join(journalFolder(settings), "large"),
        inTurn: pLimit(LARGE_AT_ONCE),
      },
      resubmitterToken: settings.COLLECTOR_RESUBMITTER_TOKEN,
      memory: new MemoryBudget(settings.COLLECTOR_MAX_MEMORY_MB * MEBIBYTE),
      inflating: pLimit(INFLATED_AT_ONCE),
      now: () => new Date(),
      random: Math.random,
    },
    healthChecks(store, publisher, journal, mover),
    settings.COLLECTOR_REQUEST_TIMEOUT_MS,
  );
  const url = await listen(server, settings.COLLECTOR_PORT, settings.COLLECTOR_HOST);
  log.info({ url }, "collector listens");
  return {
    name: "collector",
    url,
    async stop() {
      await closeServer(server);
      await close();
      await Promise.all([publisher, tallies, traces, metrics].map((part) => part.close()));
    },
  };
}

type CollectorSettings = Settings<typeof collectorSettings>;
interface Parts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly traces: Traces;
}

const journalFolder = (settings: CollectorSettings): string =>
  settings.COLLECTOR_JOURNAL_DIR || join(settings.MAYDAY_DATA_DIR, "journal");

/** The journal of this collector, and the mover behind it, with what the last run left already on its way. */
async function openKeeping(settings: CollectorSettings, parts: Parts) {
  const objects = measuredStore(await openCrashObjects(settings), parts.metrics);
  const folder = journalFolder(settings);
  const unlock = await lockFolder(folder, "collector.pid");
  const maxBytes = settings.COLLECTOR_JOURNAL_MAX_MB * MEBIBYTE;
  const { journal, left, damaged } = await Journal.open({
    folder,
    maxBytes,
    segmentBytes: Math.min(SEGMENT_BYTES, maxBytes / LEAST_SEGMENTS),
  });
  if (damaged.length > 0) parts.log.error({ damaged }, "segments of the journal are damaged");
  if (left.length > 0) parts.log.info({ reports: left.length }, "moving what was left in the journal");
  const mover = new MoverThread(settings, { ...parts, journal });
  journal.onAppended = (places) => mover.move(places);
  mover.move(left);
  return {
    store: settings.COLLECTOR_ZSTD_DUMPS ? withZstdDumps(objects) : objects,
    journal,
    mover,
    async close() {
      await mover.close(MOVE_LIMIT_MS);
      await journal.close();
      unlock();
    },
  };
}

if (import.meta.main) await runService("collector", startCollector);
