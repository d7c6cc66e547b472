import type { CrashId } from "@mayday/crash";
import { type Job, Queue } from "bullmq";
import { checkReachable } from "./asking-redis.ts";
import { connectRedis } from "./connection.ts";
import type { CrashJob, Ruleset } from "./jobs.ts";
import { bullName, type CrashQueueName, crashQueueNames, PREFIX } from "./queue-names.ts";

/** A crash that was not processed: set aside after its last attempt, or waiting for what it needs to come back. */
export interface UnprocessedCrash {
  readonly crashId: CrashId;
  readonly ruleset: Ruleset;
  readonly queue: CrashQueueName;
  /** Code and message of the last failure. */
  readonly reason: string;
  /** How often it was begun. */
  readonly attempts: number;
  /** When it last failed, or when it is tried again. */
  readonly when: Date;
}

/** Looks after crashes that could not be processed. While Redis is away REDIS_UNAVAILABLE is thrown. */
export interface CrashJobs {
  /** Those that failed for good, the newest first; at most `most` of each queue. */
  setAside(most?: number): Promise<UnprocessedCrash[]>;
  /** Those that failed and are tried again by themselves. */
  waiting(most?: number): Promise<UnprocessedCrash[]>;
  /** Gives crashes that were set aside another chance, all when none are named. Says how many there were. */
  retry(crashIds?: readonly CrashId[]): Promise<number>;
  /** Forgets crashes that were set aside, all when none are named; what is stored of them stays. */
  discard(crashIds?: readonly CrashId[]): Promise<number>;
  close(): Promise<void>;
}

const MOST_SHOWN = 1000;
/** As many as the queues keep. */
const MOST_KEPT = 10_000;

export function createCrashJobs(redisUrl: string, onError: (error: Error) => void): CrashJobs {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  const queues = crashQueueNames.map((name) => {
    const queue = new Queue<CrashJob>(bullName(name), { connection: redis, prefix: PREFIX });
    queue.on("error", onError);
    return { name, queue };
  });

  async function listed(state: "failed" | "delayed", most: number) {
    checkReachable(redis);
    const found = await Promise.all(
      queues.map(async ({ name, queue }) => {
        const jobs = await queue.getJobs([state], 0, most - 1, false);
        return jobs.filter((job) => job !== undefined).map((job) => ({ name, job }));
      }),
    );
    return found.flat();
  }

  async function withSetAside(crashIds: readonly CrashId[] | undefined, act: (job: Job) => Promise<void>) {
    const asked = crashIds === undefined ? undefined : new Set(crashIds);
    let count = 0;
    for (const { job } of await listed("failed", MOST_KEPT)) {
      if (asked !== undefined && !asked.has(job.data.crashId)) continue;
      // Another may have taken it meanwhile.
      await act(job).then(() => count++, onError);
    }
    return count;
  }

  return {
    async setAside(most = MOST_SHOWN) {
      const jobs = await listed("failed", most);
      return jobs
        .map(({ name, job }) => unprocessed(name, job, new Date(job.finishedOn ?? job.timestamp)))
        .sort((a, b) => b.when.getTime() - a.when.getTime());
    },
    async waiting(most = MOST_SHOWN) {
      const jobs = await listed("delayed", most);
      return jobs.map(({ name, job }) => unprocessed(name, job, new Date(job.timestamp + job.delay)));
    },
    retry: (crashIds) => withSetAside(crashIds, (job) => job.retry("failed", { resetAttemptsMade: true })),
    discard: (crashIds) => withSetAside(crashIds, (job) => job.remove()),
    async close() {
      await Promise.all(queues.map(({ queue }) => queue.close()));
      redis.disconnect();
    },
  };
}

function unprocessed(queue: CrashQueueName, job: Job<CrashJob>, when: Date): UnprocessedCrash {
  const { crashId, ruleset } = job.data;
  return {
    crashId,
    ruleset,
    queue,
    reason: job.failedReason ?? "something it needs is away",
    attempts: job.attemptsStarted,
    when,
  };
}
