import type { CrashId, ProcessingReason } from "@mayday/crash";
import { type JobsOptions, Queue } from "bullmq";
import { inTime, retryPolicy, unavailable } from "./asking-redis.ts";
import { connectRedis } from "./connection.ts";
import type { CrashJob, IndexingJob, PingsIndexingJob, PingsJob, Ruleset } from "./jobs.ts";
import { bullName, type CrashQueueName, crashQueueNames, INDEXING, PINGS, PREFIX } from "./queue-names.ts";
import { readState, warningOf, whyNothingIsTaken } from "./redis-state.ts";

/** Puts work into the queues. Every method throws MaydayError REDIS_UNAVAILABLE soon when Redis does not answer. */
export interface Publisher {
  /**
   * Asks for a crash to be processed, from now on: one that waits already is not queued twice, one that is in work is
   * processed once more, one that had failed for good gets another chance.
   */
  publishCrash(
    queue: CrashQueueName,
    crashId: CrashId,
    ruleset?: Ruleset,
    why?: ProcessingReason,
  ): Promise<void>;
  /** Whether a crash waits in a queue, is in work, or was set aside. */
  isQueued(queue: CrashQueueName, crashId: CrashId, ruleset: Ruleset): Promise<boolean>;
  /** Asks for crashes that were just collected to be processed: one round trip for all. */
  publishNewCrashes(crashIds: readonly CrashId[]): Promise<void>;
  /** Asks for batches of pings to be processed; one that waits already is not queued twice. */
  publishPings(batches: readonly PingsJob[]): Promise<void>;
  /** Asks for a batch of processed pings to be indexed. */
  publishPingsIndexing(batch: PingsJob): Promise<void>;
  /**
   * Asks for a processed crash to be indexed. @param document what is to be indexed, so that nobody need read it back; it
   * is handed on while few jobs wait, since Redis keeps it in memory
   */
  publishIndexing(crashId: CrashId, document?: string): Promise<void>;
  /** Asks once more for a processed crash that is not in the index; while such a job waits no other is added. */
  republishIndexing(crashId: CrashId): Promise<void>;
  /** How many jobs wait, run or failed for good, by queue. */
  depths(): Promise<Record<string, Record<string, number>>>;
  /** Throws, with the reason, while Redis would not take a job: it is away, full, loading, or a read-only replica. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Two jobs of one id are never in work at once: what is added meanwhile begins when the one in work has ended. */
const deduplicated = (id: string) => ({ deduplication: { id, keepLastIfActive: true } });

/** The first pause before a job is tried again, ms. */
const RETRY_MS = 1000;

/** Documents that wait in Redis, about, and the characters of one: 100 MB at most. */
const MOST_DOCUMENTS = 500;
const LONGEST_DOCUMENT = 200_000;
const LOOK_EVERY_MS = 500;

/** @param onError told of what goes wrong with the connection, and once, at the start, of a Redis that may drop jobs */
export function createPublisher(redisUrl: string, onError: (error: Error) => void): Publisher {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  redis.once("ready", async () => {
    // One that does not answer is told of by whoever asks it for more.
    const warning = await redis.info().then(
      (info) => warningOf(readState(info)),
      () => undefined,
    );
    if (warning !== undefined) onError(new Error(warning));
  });
  const open = <T>(name: CrashQueueName | typeof INDEXING | typeof PINGS) => {
    const queue = new Queue<T>(bullName(name), {
      connection: redis,
      prefix: PREFIX,
      defaultJobOptions: retryPolicy(RETRY_MS),
    });
    queue.on("error", onError);
    return queue;
  };
  const crashes = new Map(crashQueueNames.map((name) => [name, open<CrashJob>(name)]));
  const indexing = open<IndexingJob | PingsIndexingJob>(INDEXING);
  const pings = open<PingsJob>(PINGS);
  const queues = [...crashes.values(), indexing, pings];

  const crashQueue = (name: CrashQueueName) => crashes.get(name) as Queue<CrashJob>;
  /**
   * Sees to it that a job will begin from now on: one of that id that is there may be in any state. While one is in work
   * another waits for its end; while one waits, adding is no act.
   */
  async function ask<T>(queue: Queue<T>, id: string, add: (options: JobsOptions) => Promise<unknown>) {
    const [earlier, next] = await Promise.all([queue.getJob(id), queue.getJob(`${id}-next`)]);
    const [state, nextState] = await Promise.all([earlier?.getState(), next?.getState()]);
    if (nextState === "failed") await next?.remove();
    if (state === "failed") await earlier?.retry();
    else await add({ jobId: state === "active" ? `${id}-next` : id, ...deduplicated(id) });
  }

  let waiting = { count: 0, lookedAt: 0 };
  /** Whether the indexer keeps up, as of a moment ago. */
  async function fewWait(): Promise<boolean> {
    if (Date.now() - waiting.lookedAt > LOOK_EVERY_MS) {
      waiting = { ...waiting, lookedAt: Date.now() };
      waiting = { ...waiting, count: await soon(() => indexing.getWaitingCount()) };
    }
    return waiting.count < MOST_DOCUMENTS;
  }

  const soon = <T>(work: () => Promise<T>): Promise<T> => inTime(redis, work);

  return {
    publishCrash: (name, crashId, ruleset = "default", why) =>
      soon(() =>
        ask(crashQueue(name), `${crashId}-${ruleset}`, (options) =>
          crashQueue(name).add("crash", { crashId, ruleset, ...(why === undefined ? {} : { why }) }, options),
        ),
      ),
    isQueued: (name, crashId, ruleset) =>
      soon(async () => (await crashQueue(name).getJob(`${crashId}-${ruleset}`)) !== undefined),
    publishNewCrashes: async (crashIds) => {
      if (crashIds.length === 0) return;
      const ruleset = "default";
      const jobs = crashIds.map((crashId) => ({
        name: "crash",
        data: { crashId, ruleset } as const,
        opts: { jobId: `${crashId}-${ruleset}`, ...deduplicated(`${crashId}-${ruleset}`) },
      }));
      await soon(() => crashQueue("standard").addBulk(jobs));
    },
    publishPings: async (batches) => {
      if (batches.length === 0) return;
      const jobs = batches.map(({ day, name }) => ({
        name: "pings",
        data: { day, name },
        opts: { jobId: `${day}-${name}`, ...deduplicated(`${day}-${name}`) },
      }));
      await soon(() => pings.addBulk(jobs));
    },
    publishPingsIndexing: async (batch) => void (await soon(() => indexing.add("index", { pings: batch }))),
    // No job id: a document saved while an older one of that crash is being indexed must be indexed too.
    publishIndexing: async (crashId, document) => {
      const isHandedOn = document !== undefined && document.length <= LONGEST_DOCUMENT && (await fewWait());
      await soon(() => indexing.add("index", { crashId, ...(isHandedOn ? { document } : {}) }));
    },
    republishIndexing: (crashId) =>
      soon(() => ask(indexing, `${crashId}-again`, (options) => indexing.add("index", { crashId }, options))),
    depths: () =>
      soon(async () => {
        const counted = queues.map(async (queue) => [queue.name.slice(1, -1), await queue.getJobCounts()]);
        return Object.fromEntries(await Promise.all(counted));
      }),
    check: async () => {
      const why = whyNothingIsTaken(readState(await soon(() => redis.info())));
      if (why !== undefined) throw unavailable(why);
    },
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}
