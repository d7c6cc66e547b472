import { type CrashId, MaydayError } from "@mayday/crash";
import { type JobsOptions, Queue } from "bullmq";
import { connectRedis } from "./connection.ts";
import type { CrashJob, IndexingJob, Ruleset } from "./jobs.ts";
import { bullName, type CrashQueueName, crashQueueNames, INDEXING, PREFIX } from "./queue-names.ts";

/** Puts work into the queues. Every method throws MaydayError REDIS_UNAVAILABLE soon when Redis does not answer. */
export interface Publisher {
  /** Asks for a crash to be processed. A crash that waits in that queue already is not queued twice. */
  publishCrash(queue: CrashQueueName, crashId: CrashId, ruleset?: Ruleset): Promise<void>;
  /** As publishCrash, and gives a crash that had failed for good another chance. */
  republishCrash(queue: CrashQueueName, crashId: CrashId): Promise<void>;
  /** Asks for the processed crash, as it is stored now, to be indexed. */
  publishIndexing(crashId: CrashId): Promise<void>;
  /** How many jobs wait, run or failed for good, by queue. */
  depths(): Promise<Record<string, Record<string, number>>>;
  check(): Promise<void>;
  close(): Promise<void>;
}

const policy = {
  attempts: 5,
  backoff: { type: "exponential", delay: 1000, jitter: 0.5 },
  removeOnComplete: true,
  // Failed for good: kept a week to be looked at.
  removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
} satisfies JobsOptions;

/** How long Redis may take to accept a job, ms. */
const PUBLISH_LIMIT_MS = 3000;

export function createPublisher(redisUrl: string, onError: (error: Error) => void): Publisher {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  const open = <T>(name: CrashQueueName | typeof INDEXING) => {
    const queue = new Queue<T>(bullName(name), {
      connection: redis,
      prefix: PREFIX,
      defaultJobOptions: policy,
    });
    queue.on("error", onError);
    return queue;
  };
  const crashes = new Map(crashQueueNames.map((name) => [name, open<CrashJob>(name)]));
  const indexing = open<IndexingJob>(INDEXING);
  const queues = [...crashes.values(), indexing];

  const crashQueue = (name: CrashQueueName) => crashes.get(name) as Queue<CrashJob>;
  const add = (name: CrashQueueName, crashId: CrashId, ruleset: Ruleset) =>
    crashQueue(name).add("crash", { crashId, ruleset }, { jobId: `${crashId}-${ruleset}` });

  // While Redis is away, say so at once: whoever publishes has an answer waiting, and storage is the record.
  const inTime = <T>(work: () => Promise<T>): Promise<T> =>
    redis.status === "ready" ? within(PUBLISH_LIMIT_MS, work()) : Promise.reject(unavailable(redis.status));

  return {
    publishCrash: async (name, crashId, ruleset = "default") => {
      await inTime(() => add(name, crashId, ruleset));
    },
    republishCrash: (name, crashId) =>
      inTime(async () => {
        const job = await add(name, crashId, "default");
        if (await job.isFailed()) await job.retry();
      }),
    // No job id: a document saved while an older one of that crash is being indexed must be indexed too.
    publishIndexing: async (crashId) => {
      await inTime(() => indexing.add("index", { crashId }));
    },
    depths: () =>
      inTime(async () => {
        const counted = queues.map(async (queue) => [queue.name.slice(1, -1), await queue.getJobCounts()]);
        return Object.fromEntries(await Promise.all(counted));
      }),
    check: async () => {
      await inTime(() => redis.ping());
    },
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

function unavailable(why: string, cause?: unknown): MaydayError {
  return new MaydayError("REDIS_UNAVAILABLE", why, { cause });
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    work.catch(() => undefined);
    throw unavailable((error as Error).message, error);
  } finally {
    clearTimeout(timer);
  }
}
