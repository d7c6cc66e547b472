import { MaydayError } from "@mayday/crash";
import { type JobsOptions, Queue } from "bullmq";
import { connectRedis } from "./connection.ts";
import type { HealingJob, MissingSymbolsJob, SymbolsArrivedJob, SymcacheJob } from "./jobs.ts";
import { ARRIVALS, bullName, HEALINGS, MISSING_SYMBOLS, PREFIX, SYMCACHES } from "./queue-names.ts";

/** Puts jobs of one kind into their queue. Its methods throw MaydayError REDIS_UNAVAILABLE soon when Redis does not answer. */
export interface JobPublisher<J> {
  publish(job: J): Promise<void>;
  /** How many jobs wait, run or failed for good. */
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const policy = {
  attempts: 5,
  backoff: { type: "exponential", delay: 2000, jitter: 0.5 },
  removeOnComplete: true,
  // Failed for good: kept a week to be looked at.
  removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
} satisfies JobsOptions;

/** How long Redis may take to accept a job, ms. */
const PUBLISH_LIMIT_MS = 3000;

/** Asks for symcaches. @param onError told of what goes wrong with the connection */
export function createSymcachePublisher(
  redisUrl: string,
  onError: (error: Error) => void,
): JobPublisher<SymcacheJob> {
  // No job id: a file that was replaced while its symcache is built needs another one.
  return jobPublisher(SYMCACHES, redisUrl, onError);
}

/** Tells of modules without symbols. @param onError told of what goes wrong with the connection */
export function createMissingSymbolsPublisher(
  redisUrl: string,
  onError: (error: Error) => void,
): JobPublisher<MissingSymbolsJob> {
  return jobPublisher(MISSING_SYMBOLS, redisUrl, onError);
}

/** Tells of symbols that have come. @param onError told of what goes wrong with the connection */
export function createArrivalsPublisher(
  redisUrl: string,
  onError: (error: Error) => void,
): JobPublisher<SymbolsArrivedJob> {
  return jobPublisher(ARRIVALS, redisUrl, onError);
}

/** Tells what became of crashes that missed symbols. @param onError told of what goes wrong with the connection */
export function createHealingsPublisher(
  redisUrl: string,
  onError: (error: Error) => void,
): JobPublisher<HealingJob> {
  return jobPublisher(HEALINGS, redisUrl, onError);
}

function jobPublisher<J>(
  name: typeof SYMCACHES | typeof MISSING_SYMBOLS | typeof ARRIVALS | typeof HEALINGS,
  redisUrl: string,
  onError: (error: Error) => void,
): JobPublisher<J> {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  const queue: Queue = new Queue(bullName(name), {
    connection: redis,
    prefix: PREFIX,
    defaultJobOptions: policy,
  });
  queue.on("error", onError);
  const inTime = async <T>(work: () => Promise<T>): Promise<T> => {
    const isComing = ["ready", "connect", "connecting"].includes(redis.status);
    if (!isComing) throw new MaydayError("REDIS_UNAVAILABLE", redis.status);
    return within(PUBLISH_LIMIT_MS, work());
  };
  return {
    publish: async (job) => void (await inTime(() => queue.add(name, job))),
    counts: () => inTime(() => queue.getJobCounts()),
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
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
    throw new MaydayError("REDIS_UNAVAILABLE", (error as Error).message, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
