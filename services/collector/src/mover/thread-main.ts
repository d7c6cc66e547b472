import { parentPort, workerData } from "node:worker_threads";
import { createLogger } from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { withZstdDumps } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import type { FromMover, MoverStart, NumberedPlace, ToMover } from "./messages.ts";
import { Mover } from "./mover.ts";

const settings = workerData as MoverStart;
const say = (message: FromMover) => parentPort?.postMessage(message);

const log = createLogger({ service: "collector", level: settings.LOG_LEVEL, file: settings.LOG_FILE });
const objects = await openCrashObjects(settings);
const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
const mover = new Mover<NumberedPlace>({
  store: settings.COLLECTOR_ZSTD_DUMPS ? withZstdDumps(objects) : objects,
  publisher,
  log,
  metrics: { count: (...args) => say({ kind: "count", args }) },
  onMoved: (places, seconds) => say({ kind: "moved", numbers: places.map(({ number }) => number), seconds }),
  onQueued: (crashIds, from) => say({ kind: "queued", crashIds, from }),
  onDamaged: ({ number }) => say({ kind: "damaged", number }),
  onFailed: (error) => {
    const { code, message } = error as { code?: string; message?: string };
    say({
      kind: "failed",
      error: { ...(code === undefined ? {} : { code }), message: message ?? String(error) },
    });
  },
});

parentPort?.on("message", async (message: ToMover) => {
  if (message.kind === "move") {
    mover.move(message.places);
    return;
  }
  await mover.close(message.limitMs);
  await publisher.close();
  say({ kind: "closed" });
});
