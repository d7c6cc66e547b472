import { MaydayError } from "@mayday/errors";
import type { JobsOptions } from "bullmq";
import pTimeout from "p-timeout";
import type { connectRedis } from "./connection.ts";

/** How long Redis may take to accept a job, ms. */
const LIMIT_MS = 3000;

/** What becomes of a job that fails. @param delay the first pause before it is tried again, ms; each next is twice as long */
export function retryPolicy(delay: number) {
  return {
    attempts: 5,
    backoff: { type: "exponential", delay, jitter: 0.5 },
    removeOnComplete: true,
    // Failed for good: kept a week to be looked at.
    removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
  } satisfies JobsOptions;
}

/**
 * Asks Redis for something, for a short time at most. While it is away, says so at once: storage is the record. A
 * connection that is being made is worth a wait: a sweep at the start would else give up before it is there.
 * @throws MaydayError REDIS_UNAVAILABLE
 */
export async function inTime<T>(redis: ReturnType<typeof connectRedis>, work: () => Promise<T>): Promise<T> {
  if (!["ready", "connect", "connecting"].includes(redis.status)) throw unavailable(redis.status);
  try {
    return await pTimeout(work(), { milliseconds: LIMIT_MS, message: `no answer within ${LIMIT_MS} ms` });
  } catch (error) {
    throw unavailable((error as Error).message, error);
  }
}

export function unavailable(why: string, cause?: unknown): MaydayError {
  return new MaydayError("REDIS_UNAVAILABLE", why, { cause });
}
