import { randomUUID } from "node:crypto";
import type { CrashId, ProcessingReason } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import type { Redis } from "ioredis";
import { checkReachable } from "./asking-redis.ts";
import { type BulkEffect, type CrashEffect, noteEffect, readEffect } from "./bulk-effect.ts";
import { connectRedis } from "./connection.ts";
import type { Ruleset } from "./jobs.ts";
import type { Publisher } from "./publisher.ts";
import { PREFIX } from "./queue-names.ts";

/**
 * `counting`: its crashes are being gathered. `counted`: it waits to be started. `running`, `paused`; then `done` or
 * `cancelled`, and kept a week.
 */
export type BulkState = "counting" | "counted" | "running" | "paused" | "done" | "cancelled";

/** Many crashes that are to be processed again, as one job. */
export interface BulkJob {
  readonly id: string;
  readonly state: BulkState;
  /** In the words of who asked: ids, a search, a module. */
  readonly what: string;
  readonly ruleset: Ruleset;
  readonly why: ProcessingReason;
  /** Crashes, each once. */
  readonly total: number;
  readonly done: number;
  /** Of those that are done: set aside. */
  readonly failed: number;
  /** Of those that are done: with another signature than before. */
  readonly changed: number;
  /** Crashes a second at most. */
  readonly rate: number;
  readonly createdAt: Date;
  /** Who asked. */
  readonly by: string;
}

export interface BulkRequest {
  readonly what: string;
  /** They are handed on in this order. */
  readonly crashIds: Iterable<CrashId> | AsyncIterable<CrashId>;
  readonly ruleset?: Ruleset;
  readonly why?: ProcessingReason;
  /** Crashes a second at most; 20 when absent. */
  readonly rate?: number;
  readonly by?: string;
  /** Begins as soon as it is counted. */
  readonly start?: boolean;
}

/** How a crash of a bulk job ended; `changed`: processed, and its signature is another one. */
export type BulkOutcome = "processed" | "changed" | "failed";

/**
 * Bulk reprocessing. All of it stands in Redis, and goes on where it was after a restart of anything. While Redis is away
 * REDIS_UNAVAILABLE is thrown.
 */
export interface BulkJobs {
  /** Gathers and counts the crashes, each once; they wait until the job is started. @throws {MaydayError} BULK_TOO_LARGE */
  create(request: BulkRequest): Promise<BulkJob>;
  /**
   * Adds crashes to the running job of the same words, ruleset and asker, or begins one: what is asked in many small
   * requests is one job.
   */
  add(
    request: Omit<BulkRequest, "crashIds" | "start"> & { readonly crashIds: readonly CrashId[] },
  ): Promise<BulkJob>;
  get(id: string): Promise<BulkJob | undefined>;
  /** The newest first. */
  list(): Promise<BulkJob[]>;
  /** Each answers the job as it then is; undefined when there is none. What is over stays over. */
  start(id: string): Promise<BulkJob | undefined>;
  pause(id: string): Promise<BulkJob | undefined>;
  resume(id: string): Promise<BulkJob | undefined>;
  /** What is queued already is still processed. */
  cancel(id: string): Promise<BulkJob | undefined>;
  setRate(id: string, rate: number): Promise<BulkJob | undefined>;
  /** Hands on as many crashes of running jobs as their rates allow since the last time; says how many. */
  feed(publisher: Pick<Publisher, "publishCrash" | "isQueued">): Promise<number>;
  /**
   * Counts a crash of the reprocessing queue as done in the jobs that wait for it.
   * @param effect what it made of the crash; noted of jobs whose crashes symbols heal
   */
  finished(crashId: CrashId, ruleset: Ruleset, outcome: BulkOutcome, effect?: CrashEffect): Promise<void>;
  /** What became of a job's crashes until now; undefined where nothing is known. Kept a week after it was noted last. */
  effect(id: string): Promise<BulkEffect | undefined>;
  close(): Promise<void>;
}

const DEFAULT_RATE = 20;
const MOST_RATE = 1000;
const MOST_CRASHES = 1_000_000;
const GATHERED_AT_ONCE = 1000;
/** Crashes of one job that are queued and not done: the rest waits in the job, where it can be paused. */
const MOST_QUEUED = 200;
const KEPT_SECONDS = 7 * 24 * 3600;
/** How long a crash may be queued before it is looked for: its job may have been lost with the queue, ms. */
const LOST_AFTER_MS = 60_000;

const ALL = `${PREFIX}:{bulk}:all`;
const jobKey = (id: string) => `${PREFIX}:{bulk}:${id}`;
/** Crash ids: those that wait, with their place, and those that are queued, with the time. */
const waitingKey = (id: string) => `${jobKey(id)}:line`;
const effectKey = (id: string) => `${jobKey(id)}:effect`;
const queuedKey = (id: string) => `${jobKey(id)}:queued`;

export function createBulkJobs(
  redisUrl: string,
  onError: (error: Error) => void,
  now: () => number = Date.now,
): BulkJobs {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);

  const get = async (id: string) => jobOf(id, await redis.hgetall(jobKey(id)));

  async function list(): Promise<BulkJob[]> {
    checkReachable(redis);
    const ids = await redis.zrevrange(ALL, 0, -1);
    const jobs = await Promise.all(ids.map(get));
    const gone = ids.filter((_, index) => jobs[index] === undefined);
    if (gone.length > 0) await redis.zrem(ALL, ...gone);
    return jobs.filter((job) => job !== undefined);
  }

  async function become(id: string, state: BulkState, from: readonly BulkState[]) {
    checkReachable(redis);
    const job = await get(id);
    if (job === undefined || !from.includes(job.state)) return job;
    await redis.hset(jobKey(id), { state, fedAt: now() });
    if (state === "cancelled") await forgetCrashes(redis, id);
    return get(id);
  }

  async function endIfDone(id: string): Promise<void> {
    await redis.eval(END_IF_DONE, 3, jobKey(id), waitingKey(id), queuedKey(id), KEPT_SECONDS);
  }

  /** False where the job does not run any more. */
  async function addTo(id: string, crashIds: readonly CrashId[]): Promise<boolean> {
    const added = await redis.eval(ADD_IF_RUNNING, 2, jobKey(id), waitingKey(id), now(), ...crashIds);
    return Number(added) >= 0;
  }

  async function feedOne(job: BulkJob, publisher: Pick<Publisher, "publishCrash" | "isQueued">) {
    await requeueLost(job, publisher);
    const room = MOST_QUEUED - (await redis.zcard(queuedKey(job.id)));
    const fedAt = Number((await redis.hget(jobKey(job.id), "fedAt")) ?? 0);
    // A pause of the feeder is not made up for at once.
    const allowed = Math.floor((Math.min(now() - fedAt, 5000) / 1000) * job.rate);
    const count = Math.min(room, allowed);
    if (count <= 0) return 0;
    await redis.hset(jobKey(job.id), { fedAt: now() });
    const ids = (await redis.zrange(waitingKey(job.id), 0, String(count - 1))) as CrashId[];
    for (const crashId of ids) {
      // Noted before it is queued: it may be done at once.
      await redis.multi().zadd(queuedKey(job.id), now(), crashId).zrem(waitingKey(job.id), crashId).exec();
      await publisher.publishCrash("reprocessing", crashId, job.ruleset, job.why);
    }
    return ids.length;
  }

  /** Queues once more what was queued long ago and is in no queue: Redis may have lost the job. */
  async function requeueLost(job: BulkJob, publisher: Pick<Publisher, "publishCrash" | "isQueued">) {
    const old = (await redis.zrangebyscore(queuedKey(job.id), 0, now() - LOST_AFTER_MS)) as CrashId[];
    for (const crashId of old) {
      if (!(await publisher.isQueued("reprocessing", crashId, job.ruleset)))
        await publisher.publishCrash("reprocessing", crashId, job.ruleset, job.why);
      await redis.zadd(queuedKey(job.id), "XX", now(), crashId);
    }
  }

  const jobs: BulkJobs = {
    async add(request) {
      const { what, crashIds, ruleset = "default", by = "" } = request;
      for (const job of await list()) {
        const isSame = job.what === what && job.ruleset === ruleset && job.by === by;
        if (isSame && job.state === "running" && (await addTo(job.id, crashIds)))
          return (await get(job.id)) ?? job;
      }
      return jobs.create({ ...request, start: true });
    },
    async create({ what, crashIds, ruleset = "default", why = "bulk", rate = DEFAULT_RATE, by = "", start }) {
      checkReachable(redis);
      const id = randomUUID();
      const fields = { state: "counting", what, ruleset, why, rate: bounded(rate), by, createdAt: now() };
      await redis.hset(jobKey(id), fields);
      await redis.zadd(ALL, now(), id);
      try {
        let total = 0;
        let place = 0;
        for await (const some of chunks(crashIds)) {
          const placed = some.flatMap((crashId) => [String(place++), crashId]);
          total += Number(await redis.zadd(waitingKey(id), "NX", ...placed));
          if (total > MOST_CRASHES)
            throw new MaydayError("BULK_TOO_LARGE", `more than ${MOST_CRASHES} crashes`);
          await redis.hset(jobKey(id), { total });
        }
      } catch (error) {
        await become(id, "cancelled", ["counting"]);
        throw error;
      }
      const state: BulkState = start ? "running" : "counted";
      return (await become(id, state, ["counting"]))!;
    },
    get,
    list,
    start: (id) => become(id, "running", ["counted"]),
    pause: (id) => become(id, "paused", ["running", "counted"]),
    resume: (id) => become(id, "running", ["paused"]),
    cancel: (id) => become(id, "cancelled", ["counting", "counted", "running", "paused"]),
    async setRate(id, rate) {
      if ((await get(id)) === undefined) return undefined;
      await redis.hset(jobKey(id), { rate: bounded(rate) });
      return get(id);
    },
    async feed(publisher) {
      let count = 0;
      for (const job of await list()) {
        if (job.state !== "running") continue;
        count += await feedOne(job, publisher);
        await endIfDone(job.id);
      }
      return count;
    },
    async finished(crashId, ruleset, outcome, effect) {
      for (const { id, ruleset: asked, state, why } of await list()) {
        if (asked !== ruleset || (state !== "running" && state !== "paused")) continue;
        // Removing it is what counts: a crash that is done twice counts once.
        if ((await redis.zrem(queuedKey(id), crashId)) === 0) continue;
        // Before it counts as done: who sees the end of a job sees all of its effect.
        if (effect !== undefined && why === "symbols")
          await noteEffect(redis, effectKey(id), effect, KEPT_SECONDS);
        await redis.hincrby(jobKey(id), "done", 1);
        if (outcome !== "processed") await redis.hincrby(jobKey(id), outcome, 1);
        await endIfDone(id);
      }
    },
    effect: (id) => readEffect(redis, effectKey(id)),
    async close() {
      redis.disconnect();
    },
  };
  return jobs;
}

/** Ends a job that runs and has nothing left, at one moment: what is added meanwhile must not go with it. */
const END_IF_DONE = `
if redis.call("hget", KEYS[1], "state") ~= "running" then return 0 end
if redis.call("zcard", KEYS[2]) + redis.call("zcard", KEYS[3]) > 0 then return 0 end
redis.call("hset", KEYS[1], "state", "done")
redis.call("expire", KEYS[1], ARGV[1])
return 1`;

/** Adds crashes behind those that wait; says how many were not there, or -1 where the job does not run. */
const ADD_IF_RUNNING = `
if redis.call("hget", KEYS[1], "state") ~= "running" then return -1 end
local added = 0
for i = 2, #ARGV do added = added + redis.call("zadd", KEYS[2], "NX", ARGV[1] + i, ARGV[i]) end
redis.call("hincrby", KEYS[1], "total", added)
return added`;

async function forgetCrashes(redis: Redis, id: string): Promise<void> {
  await redis.del(waitingKey(id), queuedKey(id));
  await redis.expire(jobKey(id), KEPT_SECONDS);
}

async function* chunks(ids: Iterable<CrashId> | AsyncIterable<CrashId>): AsyncIterable<CrashId[]> {
  let chunk: CrashId[] = [];
  for await (const id of ids) {
    chunk.push(id);
    if (chunk.length < GATHERED_AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const bounded = (rate: number) => Math.min(Math.max(rate, 0.1), MOST_RATE);

function jobOf(id: string, fields: Record<string, string>): BulkJob | undefined {
  const { state, what = "", ruleset, why, by = "" } = fields;
  if (state === undefined) return undefined;
  return {
    id,
    state: state as BulkState,
    what,
    ruleset: ruleset as Ruleset,
    why: why as ProcessingReason,
    total: Number(fields["total"] ?? 0),
    done: Number(fields["done"] ?? 0),
    failed: Number(fields["failed"] ?? 0),
    changed: Number(fields["changed"] ?? 0),
    rate: Number(fields["rate"]),
    createdAt: new Date(Number(fields["createdAt"])),
    by,
  };
}
