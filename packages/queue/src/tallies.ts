import { inTime } from "./asking-redis.ts";
import { connectRedis } from "./connection.ts";
import { PREFIX } from "./queue-names.ts";

/** What was counted in a stretch of time, by name. */
export interface Tally {
  /** When the stretch begins. */
  readonly time: Date;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * What all services of a kind counted together, by minute for a day and by hour for two weeks. It stands in Redis and is
 * bounded; what is counted while Redis is away for long is lost, since metrics have it, too.
 */
export interface Tallies {
  add(name: string, amount: number): void;
  /** All stretches from then on, also those of which nothing is known, the oldest first. @throws MaydayError REDIS_UNAVAILABLE */
  since(time: Date, stretch: TallyStretch): Promise<Tally[]>;
  /** Writes what was added, and lets go of Redis. */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const stretches = {
  minute: { ms: MINUTE_MS, keptMs: DAY_MS },
  hour: { ms: HOUR_MS, keptMs: 15 * DAY_MS },
} as const;
export type TallyStretch = keyof typeof stretches;

/** Between two writes, ms. */
const WRITE_MS = 5000;
/** Names come from labels, of which there are few. */
const MOST_NAMES = 1000;

const keyOf = (stretch: TallyStretch, time: number) =>
  `${PREFIX}:tally:${stretch}:${Math.floor(time / stretches[stretch].ms) * stretches[stretch].ms}`;

export function openTallies(
  redisUrl: string,
  onError: (error: Error) => void,
  clock: () => number = Date.now,
): Tallies {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  let added = new Map<string, number>();

  async function write(): Promise<void> {
    if (added.size === 0) return;
    const counts = added;
    added = new Map();
    try {
      await inTime(redis, async () => {
        for (const stretch of Object.keys(stretches) as TallyStretch[]) {
          const key = keyOf(stretch, clock());
          const pipeline = redis.pipeline();
          for (const [name, amount] of counts) pipeline.hincrby(key, name, amount);
          await pipeline.pexpire(key, stretches[stretch].keptMs).exec();
        }
      });
    } catch (error) {
      onError(error as Error);
    }
  }

  const timer = setInterval(write, WRITE_MS);
  timer.unref();
  return {
    add(name, amount) {
      if (added.has(name) || added.size < MOST_NAMES) added.set(name, (added.get(name) ?? 0) + amount);
    },
    since: (time, stretch) =>
      inTime(redis, async () => {
        const { ms, keptMs } = stretches[stretch];
        const first = Math.floor(Math.max(time.getTime(), clock() - keptMs) / ms) * ms;
        const times = Array.from(
          { length: Math.floor((clock() - first) / ms) + 1 },
          (_, at) => first + at * ms,
        );
        // One at a time, all on their way at once: of a Cluster no command may ask for keys that lie apart.
        const found = await Promise.all(times.map((at) => redis.hgetall(keyOf(stretch, at))));
        return found.map((counts, index) => ({
          time: new Date(times[index]!),
          counts: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)])),
        }));
      }),
    async close() {
      clearInterval(timer);
      await write();
      redis.disconnect();
    },
  };
}
