import type { Queue } from "bullmq";
import { inTime } from "./asking-redis.ts";
import { connectRedis } from "./connection.ts";
import { type NamedQueue, openQueues } from "./open-queues.ts";
import { PREFIX } from "./queue-names.ts";

/** How a queue stands at a moment. */
export interface QueueState {
  /** Jobs that wait to be begun, those that are tried again later among them. */
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
  /** How long the oldest that waits has waited, ms; 0 when none waits. */
  readonly oldestMs: number;
}

export interface QueuePoint {
  readonly time: Date;
  readonly queues: Readonly<Record<string, QueueState>>;
}

/** How the queues stand and stood: a point a minute, two weeks of them. It stands in Redis and is bounded. */
export interface QueueHistory {
  /** @throws MaydayError REDIS_UNAVAILABLE */
  now(): Promise<QueuePoint>;
  /** Notes how the queues stand; of several who note one minute the first counts. @throws MaydayError REDIS_UNAVAILABLE */
  note(): Promise<void>;
  /** The points from then on, the oldest first. @throws MaydayError REDIS_UNAVAILABLE */
  since(time: Date): Promise<QueuePoint[]>;
  /** The queues themselves, for who looks at single jobs. */
  readonly queues: readonly NamedQueue[];
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const MOST_POINTS = 14 * 24 * 60;
const KEY = `${PREFIX}:queue-history`;

export function createQueueHistory(
  redisUrl: string,
  onError: (error: Error) => void,
  clock: () => number = Date.now,
): QueueHistory {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  const queues = openQueues(redis, onError);

  async function stateOf(queue: Queue, time: number): Promise<QueueState> {
    const [counts, [oldest]] = await Promise.all([queue.getJobCounts(), queue.getWaiting(0, 0)]);
    const count = (state: string) => counts[state] ?? 0;
    return {
      waiting: count("waiting") + count("prioritized"),
      delayed: count("delayed"),
      active: count("active"),
      failed: count("failed"),
      oldestMs: oldest === undefined ? 0 : Math.max(0, time - oldest.timestamp),
    };
  }

  const now = () =>
    inTime(redis, async () => {
      const time = clock();
      const states = queues.map(async ({ name, queue }) => [name, await stateOf(queue, time)] as const);
      return { time: new Date(time), queues: Object.fromEntries(await Promise.all(states)) };
    });

  return {
    now,
    queues,
    async note() {
      const { time, queues: states } = await now();
      const minute = Math.floor(time.getTime() / MINUTE_MS) * MINUTE_MS;
      const values = Object.entries(states).flatMap(([name, state]) => [name, packed(state)]);
      const note = () => redis.xadd(KEY, "MAXLEN", "~", MOST_POINTS, `${minute}-1`, ...values);
      await inTime(redis, async () => {
        // Redis takes no entry that is not newer than the last.
        await note().catch((error: Error) => {
          if (!error.message.includes("equal or smaller")) throw error;
        });
      });
    },
    since: (time) =>
      inTime(redis, async () => {
        const entries = await redis.xrange(KEY, `${time.getTime()}-0`, "+", "COUNT", MOST_POINTS);
        return entries.map(([id, values]) => pointOf(id, values));
      }),
    async close() {
      await Promise.all(queues.map(({ queue }) => queue.close()));
      redis.disconnect();
    },
  };
}

const packed = ({ waiting, delayed, active, failed, oldestMs }: QueueState): string =>
  [waiting, delayed, active, failed, oldestMs].join(" ");

function pointOf(id: string, values: readonly string[]): QueuePoint {
  const queues: Record<string, QueueState> = {};
  for (let at = 0; at + 1 < values.length; at += 2) {
    const [waiting = 0, delayed = 0, active = 0, failed = 0, oldestMs = 0] =
      values[at + 1]!.split(" ").map(Number);
    queues[values[at]!] = { waiting, delayed, active, failed, oldestMs };
  }
  return { time: new Date(Number(id.split("-")[0])), queues };
}
