import { constants } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { createLogger } from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { withZstdDumps } from "@mayday/storage";
import { openDirect } from "@mayday/storage/direct-io";
import { openCrashObjects } from "@mayday/storage/open";
import type { MovablePlace } from "./entry-reader.ts";
import { giveWay } from "./give-way.ts";
import { Mover } from "./mover.ts";
import type { FromMover, MoverStart, SentPlace, ToMover } from "./mover-messages.ts";
import { readBlocks } from "./read-blocks.ts";

interface NumberedPlace extends MovablePlace {
  readonly id: number;
}

// Before all else: threads that are started here are as this one.
giveWay();
const { settings, recent } = workerData as MoverStart;
const say = (message: FromMover) => parentPort?.postMessage(message);
const log = createLogger({ service: "collector", level: settings.LOG_LEVEL, file: settings.LOG_FILE });
const objects = await openCrashObjects(settings);
const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
const mover = new Mover<NumberedPlace>({
  recent: Buffer.from(recent),
  store: settings.COLLECTOR_ZSTD_DUMPS ? withZstdDumps(objects) : objects,
  publisher,
  log,
  metrics: { count: (...args) => say({ kind: "count", args }) },
  onMoved: (places, seconds) => say({ kind: "moved", ids: places.map(({ id }) => id), seconds }),
  onDamaged: ({ id }) => say({ kind: "damaged", id }),
  onFailed: (error) => say({ kind: "failed", error: plain(error) }),
});

/** Errors lose what they are on their way to another thread. */
function plain(error: unknown): { code?: string; message: string } {
  const { code, message } = error as { code?: string; message?: string };
  return { ...(code === undefined ? {} : { code }), message: message ?? String(error) };
}

function numberedPlace({ id, path, at, length, copyAt }: SentPlace): NumberedPlace {
  const copy = copyAt === undefined ? undefined : { at: copyAt };
  return { id, segment: { path, read: (bytes, from) => readSegment(path, bytes, from) }, at, length, copy };
}

/** Opened anew each time: a batch is a few reads, and the file may be gone or used again afterwards. */
async function readSegment(path: string, bytes: Buffer, at: number): Promise<Buffer> {
  const file = await openDirect(path, constants.O_RDONLY);
  try {
    return await readBlocks(file, bytes, at);
  } finally {
    await file.close();
  }
}

parentPort?.on("message", async (message: ToMover) => {
  if (message.kind === "close") {
    await mover.close(message.limitMs);
    await publisher.close();
    say({ kind: "closed" });
  } else if (message.kind === "resume") mover.resume(message.places.map(numberedPlace));
  else mover.move(message.places.map(numberedPlace));
});
