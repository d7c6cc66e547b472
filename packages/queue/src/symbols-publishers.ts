import { Queue } from "bullmq";
import { inTime, retryPolicy } from "./asking-redis.ts";
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

/** The first pause before a job is tried again, ms. */
const RETRY_MS = 2000;

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
    defaultJobOptions: retryPolicy(RETRY_MS),
  });
  queue.on("error", onError);
  return {
    publish: async (job) => void (await inTime(redis, () => queue.add(name, job))),
    counts: () => inTime(redis, () => queue.getJobCounts()),
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
}
