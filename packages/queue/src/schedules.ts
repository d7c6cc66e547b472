import { Queue, Worker } from "bullmq";
import pTimeout from "p-timeout";
import { connectRedis } from "./connection.ts";
import { PREFIX } from "./queue-names.ts";

/** Work that is done again and again, by one process at a time however many there are. */
export interface Schedule {
  readonly name: string;
  readonly everyMs: number;
  /** Whether it is also done when a process starts: what stopped before may have been killed. */
  readonly atStart?: boolean;
  /** @param time `isFirst` where this process has just started; `signal` ends the work where it is */
  run(time: { readonly isFirst: boolean; readonly signal: AbortSignal }): Promise<unknown>;
}

export interface SchedulesOptions {
  readonly redisUrl: string;
  /** How often it is looked whether the times are still there, ms. */
  readonly lookEveryMs?: number;
  /** Told why a time failed; the next one comes all the same. */
  onError(error: Error): void;
  /** Told of every time that was done. */
  onRan?(name: string, ms: number, outcome: "done" | "failed"): void;
}

export interface RunningSchedules {
  /** Ends what is being done, and returns when it has, or after `limitMs`. */
  close(limitMs: number): Promise<void>;
}

const LOOK_EVERY_MS = 10_000;

interface Tick {
  readonly isFirst?: boolean;
}

/** Does the work of schedules until it is closed. The times stand in Redis; a process that dies hands its work on. */
export function runSchedules(schedules: readonly Schedule[], options: SchedulesOptions): RunningSchedules {
  const redis = connectRedis(options.redisUrl);
  redis.on("error", options.onError);
  const stopping = new AbortController();
  const parts = schedules.map((schedule) => {
    const name = `{every-${schedule.name}}`;
    const queue = new Queue<Tick>(name, { connection: redis, prefix: PREFIX });
    const worker = new Worker<Tick>(
      name,
      async ({ data }) => {
        const started = performance.now();
        const told = (outcome: "done" | "failed") =>
          options.onRan?.(schedule.name, performance.now() - started, outcome);
        try {
          await schedule.run({ isFirst: data.isFirst ?? false, signal: stopping.signal });
          told("done");
        } catch (error) {
          told("failed");
          throw error;
        }
      },
      {
        connection: redis,
        prefix: PREFIX,
        concurrency: 1,
        lockDuration: 10_000,
        stalledInterval: 5_000,
        maxStalledCount: 5,
      },
    );
    queue.on("error", options.onError);
    worker.on("error", options.onError);
    worker.on("failed", (_job, error) => options.onError(error));
    plan(queue, schedule).catch(options.onError);
    return { schedule, queue, worker };
  });
  // A Redis that lost its data has lost the times too.
  const look = setInterval(async () => {
    for (const { schedule, queue } of parts) {
      if (redis.status !== "ready" || (await queue.getJobSchedulersCount().catch(() => 1)) > 0) continue;
      await plan(queue, schedule).catch(options.onError);
    }
  }, options.lookEveryMs ?? LOOK_EVERY_MS);
  look.unref();
  return {
    async close(limitMs) {
      clearInterval(look);
      stopping.abort();
      const closed = Promise.all(parts.map(({ worker }) => worker.close().catch(() => undefined)));
      await pTimeout(closed, { milliseconds: Math.max(1, limitMs), message: false });
      redis.disconnect();
    },
  };
}

async function plan(queue: Queue<Tick>, { name, everyMs, atStart }: Schedule): Promise<void> {
  const opts = { removeOnComplete: true, removeOnFail: { count: 10 } };
  // One at a time, in all processes together.
  await queue.setGlobalConcurrency(1);
  await queue.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts });
  if (atStart) await queue.add(name, { isFirst: true }, opts);
}
