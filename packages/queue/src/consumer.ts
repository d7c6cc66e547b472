import { Worker } from "bullmq";
import { connectRedis } from "./connection.ts";
import type { CrashJob, IndexingJob, MissingSymbolsJob, SymcacheJob } from "./jobs.ts";
import {
  bullName,
  type CrashQueueName,
  INDEXING,
  MISSING_SYMBOLS,
  PREFIX,
  SYMCACHES,
} from "./queue-names.ts";

export interface ConsumerOptions {
  readonly redisUrl: string;
  /** How many jobs are handled at once. */
  readonly concurrency: number;
  /** Told of lost connections and failed jobs. */
  onError(error: Error): void;
}

/** A job's standing: how often it was begun, and whether a failure now is the last. */
export interface Attempt {
  readonly number: number;
  readonly isLast: boolean;
}

export type Handler<J> = (job: J, attempt: Attempt) => Promise<void>;

export interface Consumer {
  /** Takes no more, and returns when what was begun is done or `limitMs` is over; the rest is delivered again. */
  close(limitMs: number): Promise<void>;
}

/** Takes crash ids from a queue. A handler that throws sees its job again, later and later, until its last attempt. */
export function consumeCrashes(
  queue: CrashQueueName,
  handle: Handler<CrashJob>,
  options: ConsumerOptions,
): Consumer {
  return consume(bullName(queue), handle, options);
}

/** Takes processed crashes to index. */
export function consumeIndexing(handle: Handler<IndexingJob>, options: ConsumerOptions): Consumer {
  return consume(bullName(INDEXING), handle, options);
}

/** Takes symbol files of which symcaches are to be built. */
export function consumeSymcaches(handle: Handler<SymcacheJob>, options: ConsumerOptions): Consumer {
  return consume(bullName(SYMCACHES), handle, options);
}

/** Takes modules that walks found to have no symbols. */
export function consumeMissingSymbols(
  handle: Handler<MissingSymbolsJob>,
  options: ConsumerOptions,
): Consumer {
  return consume(bullName(MISSING_SYMBOLS), handle, options);
}

function consume<J>(name: string, handle: Handler<J>, options: ConsumerOptions): Consumer {
  const redis = connectRedis(options.redisUrl);
  redis.on("error", options.onError);
  const worker = new Worker<J>(
    name,
    (job) => {
      const number = job.attemptsMade + 1;
      return handle(job.data, { number, isLast: number >= (job.opts.attempts ?? 1) });
    },
    {
      connection: redis,
      prefix: PREFIX,
      concurrency: options.concurrency,
      // A process that was killed gives its jobs back after this long; walking in threads keeps locks renewed.
      lockDuration: 10_000,
      stalledInterval: 5_000,
      // Two deployments that kill workers must not send a good crash to the failed ones.
      maxStalledCount: 5,
    },
  );
  worker.on("error", options.onError);
  worker.on("failed", (_job, error) => options.onError(error));
  return {
    async close(limitMs) {
      await closeWithin(worker, limitMs);
      redis.disconnect();
    },
  };
}

async function closeWithin(worker: Worker, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), limitMs);
  });
  // What is late is not waited for: its lock runs out, and the job is delivered again.
  const closed = worker.close().catch(() => undefined);
  await Promise.race([closed, late]);
  clearTimeout(timer);
}
