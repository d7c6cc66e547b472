import { type CrashId, MaydayError } from "@mayday/crash";
import { type Job, type JobsOptions, Queue } from "bullmq";
import { connectRedis } from "./connection.ts";
import type { CrashJob, IndexingJob, Ruleset } from "./jobs.ts";
import { bullName, type CrashQueueName, crashQueueNames, INDEXING, PREFIX } from "./queue-names.ts";

/** Puts work into the queues. Every method throws MaydayError REDIS_UNAVAILABLE soon when Redis does not answer. */
export interface Publisher {
  /**
   * Asks for a crash to be processed, from now on: one that waits already is not queued twice, one that is in work is
   * processed once more, one that had failed for good gets another chance.
   */
  publishCrash(queue: CrashQueueName, crashId: CrashId, ruleset?: Ruleset): Promise<void>;
  /** Asks for the processed crash, as it is stored now, to be indexed. */
  publishIndexing(crashId: CrashId): Promise<void>;
  /** Asks once more for a processed crash that is not in the index; while such a job waits no other is added. */
  republishIndexing(crashId: CrashId): Promise<void>;
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
  /** A job of that id may be there in any state: waiting is what is asked for, the others are not. */
  async function ask(add: (jobId: string) => Promise<Job>, jobId: string): Promise<void> {
    const job = await add(jobId);
    const state = await job.getState();
    if (state === "failed") await job.retry();
    else if (state === "active") await add(`${jobId}-next`);
  }

  // While Redis is away, say so at once: whoever publishes has an answer waiting, and storage is the record.
  const inTime = <T>(work: () => Promise<T>): Promise<T> =>
    redis.status === "ready" ? within(PUBLISH_LIMIT_MS, work()) : Promise.reject(unavailable(redis.status));

  return {
    publishCrash: (name, crashId, ruleset = "default") =>
      inTime(() =>
        ask(
          (jobId) => crashQueue(name).add("crash", { crashId, ruleset }, { jobId }),
          `${crashId}-${ruleset}`,
        ),
      ),
    // No job id: a document saved while an older one of that crash is being indexed must be indexed too.
    publishIndexing: async (crashId) => {
      await inTime(() => indexing.add("index", { crashId }));
    },
    republishIndexing: (crashId) =>
      inTime(() => ask((jobId) => indexing.add("index", { crashId }, { jobId }), `${crashId}-again`)),
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
