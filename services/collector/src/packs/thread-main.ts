import { workerData } from "node:worker_threads";
import type { Settings } from "@mayday/config";
import { createLogger } from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { openCrashPacks } from "@mayday/storage/open";
import { giveWay } from "../moving/give-way.ts";
import { obey, say, sayFailed } from "../moving/in-thread.ts";
import type { Numbered } from "../moving/messages.ts";
import type { collectorSettings } from "../settings.ts";
import type { KeptBatch } from "./pack-keeper.ts";
import { PackMover } from "./pack-mover.ts";

// Before all else: threads that are started here are as this one.
giveWay();
const settings = workerData as Settings<typeof collectorSettings>;
const log = createLogger({ service: "collector", level: settings.LOG_LEVEL, file: settings.LOG_FILE });
const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
const mover = new PackMover<Numbered<KeptBatch>>({
  store: await openCrashPacks(settings),
  publisher,
  log,
  metrics: { count: (...args) => say({ kind: "count", args }) },
  onMoved: (kept, seconds) => say({ kind: "moved", numbers: kept.map(({ number }) => number), seconds }),
  onFailed: sayFailed,
});

obey<KeptBatch>({
  move: (kept) => mover.move(kept),
  resume: (kept) => mover.move(kept),
  async close() {
    await mover.close();
    await publisher.close();
  },
});
