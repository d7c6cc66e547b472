import { constants } from "node:fs";
import { workerData } from "node:worker_threads";
import { createLogger } from "@mayday/observability";
import { createPublisher } from "@mayday/queue";
import { withZstdDumps } from "@mayday/storage";
import { openDirect } from "@mayday/storage/direct-io";
import { openCrashObjects } from "@mayday/storage/open";
import { giveWay } from "../moving/give-way.ts";
import { obey, say, sayFailed } from "../moving/in-thread.ts";
import type { Numbered } from "../moving/messages.ts";
import type { MovablePlace } from "./entry-reader.ts";
import { Mover } from "./mover.ts";
import type { MoverStart, SentPlace } from "./moving-places.ts";
import { readBlocks } from "./read-blocks.ts";

interface NumberedPlace extends MovablePlace {
  readonly number: number;
}

// Before all else: threads that are started here are as this one.
giveWay();
const { settings, recent } = workerData as MoverStart;
const log = createLogger({ service: "collector", level: settings.LOG_LEVEL, file: settings.LOG_FILE });
const objects = await openCrashObjects(settings);
const publisher = createPublisher(settings.REDIS_URL, (error) => log.warn({ err: error }, "queue"));
const mover = new Mover<NumberedPlace>({
  recent: Buffer.from(recent),
  store: settings.COLLECTOR_ZSTD_DUMPS ? withZstdDumps(objects) : objects,
  publisher,
  log,
  metrics: { count: (...args) => say({ kind: "count", args }) },
  onMoved: (places, seconds) => say({ kind: "moved", numbers: places.map(({ number }) => number), seconds }),
  onDamaged: ({ number }) => say({ kind: "damaged", number }),
  onFailed: sayFailed,
});

function numberedPlace({ number, path, at, length, copyAt }: Numbered<SentPlace>): NumberedPlace {
  const copy = copyAt === undefined ? undefined : { at: copyAt };
  return {
    number,
    segment: { path, read: (bytes, from) => readSegment(path, bytes, from) },
    at,
    length,
    copy,
  };
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

obey<SentPlace>({
  move: (places) => mover.move(places.map(numberedPlace)),
  resume: (places) => mover.resume(places.map(numberedPlace)),
  async close(limitMs) {
    await mover.close(limitMs);
    await publisher.close();
  },
});
