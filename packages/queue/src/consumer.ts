import { errorLine } from "@mayday/errors";
import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from "bullmq";
import pTimeout from "p-timeout";
import { connectRedis } from "./connection.ts";
import { failureKind } from "./failure-kind.ts";
import type {
  CrashJob,
  HealingJob,
  IndexingJob,
  MissingSymbolsJob,
  PingsIndexingJob,
  PingsJob,
  SymbolsArrivedJob,
  SymcacheJob,
} from "./jobs.ts";
import {
  ARRIVALS,
  bullName,
  type CrashQueueName,
  HEALINGS,
  INDEXING,
  MISSING_SYMBOLS,
  PINGS,
  PREFIX,
  SYMCACHES,
} from "./queue-names.ts";

export interface ConsumerOptions {
  readonly redisUrl: string;
  /** How many jobs are handled at once. */
  readonly concurrency: number;
  /** A worker that takes nothing for so long while jobs wait is replaced, ms. */
  readonly stuckAfterMs?: number;
  /** Told of lost connections and failed jobs. */
  onError(error: Error): void;
  /** Told of each job that was handled. */
  onHandled?(handled: HandledJob): void;
}

/** A job as it was handled once. */
export interface HandledJob {
  readonly queue: string;
  /** `waits`: what it needs is away, and it is tried again later. */
  readonly outcome: "done" | "failed" | "waits";
  /** From when it was queued until it was begun, seconds; undefined where it was begun before. */
  readonly waited: number | undefined;
  /** Seconds. */
  readonly worked: number;
}

/** A job's standing: how often it was begun, and whether a failure now is the last. */
export interface Attempt {
  readonly number: number;
  readonly isLast: boolean;
}

export type Handler<J> = (job: J, attempt: Attempt) => Promise<void>;

/** Told of a job that is set aside without its handler having failed: its process died each time. */
export type OnSetAside<J> = (job: J, error: Error) => Promise<void>;

export interface Consumer {
  /** Takes no more, and returns when what was begun is done or `limitMs` is over; the rest is delivered again. */
  close(limitMs: number): Promise<void>;
}

/**
 * Takes crash ids from a queue. A handler that throws sees its job again, as {@link failureKind} says; after its last
 * attempt it is set aside with the reason.
 */
export function consumeCrashes(
  queue: CrashQueueName,
  handle: Handler<CrashJob>,
  options: ConsumerOptions,
  onSetAside?: OnSetAside<CrashJob>,
): Consumer {
  return consume(bullName(queue), handle, options, onSetAside);
}

/** Takes batches of crash pings to process. */
export function consumePings(handle: Handler<PingsJob>, options: ConsumerOptions): Consumer {
  return consume(bullName(PINGS), handle, options);
}

/** Takes processed crashes, and batches of processed pings, to index. */
export function consumeIndexing(
  handle: Handler<IndexingJob | PingsIndexingJob>,
  options: ConsumerOptions,
): Consumer {
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

/** Takes symbols that have come. */
export function consumeArrivals(handle: Handler<SymbolsArrivedJob>, options: ConsumerOptions): Consumer {
  return consume(bullName(ARRIVALS), handle, options);
}

/** Takes what became of crashes that missed the symbols of an upload. */
export function consumeHealings(handle: Handler<HealingJob>, options: ConsumerOptions): Consumer {
  return consume(bullName(HEALINGS), handle, options);
}

/** The longest pause before a job is tried again whose needs are away, ms. */
const LONGEST_WAIT_MS = 30_000;
const STUCK_AFTER_MS = 30_000;
/** Deaths of its process that a job may see: two deployments that kill workers must not set a good crash aside. */
const MOST_DEATHS = 5;

function consume<J>(
  name: string,
  handle: Handler<J>,
  options: ConsumerOptions,
  onSetAside?: OnSetAside<J>,
): Consumer {
  const { onError, stuckAfterMs = STUCK_AFTER_MS } = options;
  const redis = connectRedis(options.redisUrl);
  redis.on("error", onError);
  const queue = new Queue(name, { connection: redis, prefix: PREFIX });
  queue.on("error", onError);
  let running = 0;
  let movedAt = Date.now();

  const handleJob = async (job: Job<J>, token?: string) => {
    const number = job.attemptsMade + 1;
    running++;
    movedAt = Date.now();
    const started = performance.now();
    const waited = job.attemptsStarted <= 1 ? Math.max(0, Date.now() - job.timestamp) / 1000 : undefined;
    const told = (outcome: HandledJob["outcome"]) =>
      options.onHandled?.({
        queue: name.slice(1, -1),
        outcome,
        waited,
        worked: (performance.now() - started) / 1000,
      });
    try {
      await handle(job.data, { number, isLast: number >= (job.opts.attempts ?? 1) });
      told("done");
    } catch (error) {
      const kind = failureKind(error);
      told(kind === "wait" ? "waits" : "failed");
      if (kind === "wait") {
        const pause = Math.min(1000 * 2 ** Math.min(job.attemptsStarted, 10), LONGEST_WAIT_MS);
        await job.moveToDelayed(Date.now() + pause * (0.75 + Math.random() / 2), token);
        onError(error as Error);
        throw new DelayedError();
      }
      // The reason that stands with a job that is set aside.
      const reason = errorLine(error);
      throw kind === "never" ? new UnrecoverableError(reason) : new Error(reason, { cause: error });
    } finally {
      running--;
      movedAt = Date.now();
    }
  };

  const start = () => {
    const worker = new Worker<J>(name, handleJob, {
      connection: redis,
      prefix: PREFIX,
      concurrency: options.concurrency,
      // A process that was killed gives its jobs back after this long; walking in threads keeps locks renewed.
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: MOST_DEATHS,
    });
    worker.on("error", onError);
    worker.on("failed", (job, error) => {
      onError(error);
      const died = job !== undefined && job.finishedOn !== undefined && /stalled/.test(error.message);
      if (died) onSetAside?.(job.data, error).catch(onError);
    });
    return worker;
  };
  let worker = start();

  // After Redis was away a worker may wait for ever for an answer that was lost.
  const watch = setInterval(async () => {
    if (running > 0 || Date.now() - movedAt < stuckAfterMs || redis.status !== "ready") return;
    const waiting = await queue.getWaitingCount().catch(() => 0);
    if (waiting === 0 || (await queue.isPaused().catch(() => true)) || running > 0) return;
    onError(
      new Error(`nothing was taken from ${name} for ${stuckAfterMs} ms while jobs wait: starting anew`),
    );
    movedAt = Date.now();
    const old = worker;
    worker = start();
    void closeWithin(old, 1000);
  }, stuckAfterMs / 3);
  watch.unref();

  return {
    async close(limitMs) {
      clearInterval(watch);
      await closeWithin(worker, limitMs);
      redis.disconnect();
    },
  };
}

async function closeWithin(worker: Worker, limitMs: number): Promise<void> {
  // What is late is not waited for: its lock runs out, and the job is delivered again.
  const closed = worker.close().catch(() => undefined);
  await pTimeout(closed, { milliseconds: Math.max(1, limitMs), message: false });
}
