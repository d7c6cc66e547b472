import type { CrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type BulkJobs, consumeCrashes, createBulkJobs, createPublisher, type Publisher } from "./index.ts";
import { hasRedis, startRedis, type TestRedis } from "./test-support/redis-server.ts";

const SOON = { timeout: 15_000, interval: 50 };
const ids = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `de1bb258-cbbf-4589-a673-34${String(i).padStart(4, "0")}260820` as CrashId,
  );

let redis: TestRedis;
let time = 1_800_000_000_000;
let bulk: BulkJobs;
let published: string[];
/** Remembers what is asked for; the queue itself is met below. */
const publisher = {
  publishCrash: async (queue: string, id: CrashId, ruleset = "default", why = "") =>
    void published.push(`${queue} ${id} ${ruleset} ${why}`),
  isQueued: async () => false,
};
const open = () =>
  createBulkJobs(
    redis.socket,
    () => undefined,
    () => time,
  );

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
beforeEach(() => {
  published = [];
  if (hasRedis) bulk = open();
});
afterEach(async () => {
  for (const { id } of (await bulk?.list()) ?? []) await bulk.cancel(id);
  await bulk?.close();
});
afterAll(() => redis?.stop());

/** Lets a second pass, and hands on what may be. */
async function second(): Promise<number> {
  time += 1000;
  return bulk.feed(publisher);
}

describe.skipIf(!hasRedis)("bulk reprocessing (needs redis-server)", () => {
  it("is counted before it begins, each crash once", async () => {
    const job = await bulk.create({ what: "ids", crashIds: [...ids(30), ...ids(20)], by: "me" });
    expect(job).toMatchObject({ state: "counted", total: 30, done: 0, what: "ids", by: "me", why: "bulk" });
    expect(await second()).toBe(0);
    expect(await bulk.start(job.id)).toMatchObject({ state: "running" });
  });

  it("takes what one asker asks in many requests as one job while it runs, each crash once", async () => {
    const asked = { what: "ids", by: "me", rate: 100 };
    const first = await bulk.add({ ...asked, crashIds: ids(3) });
    expect(first).toMatchObject({ state: "running", total: 3 });
    expect(await bulk.add({ ...asked, crashIds: ids(5) })).toMatchObject({ id: first.id, total: 5 });
    expect((await bulk.add({ ...asked, by: "another", crashIds: ids(1) })).id).not.toBe(first.id);
    await second();
    for (const id of ids(5)) await bulk.finished(id, "default", "processed");
    expect(await bulk.get(first.id)).toMatchObject({ state: "done", done: 5 });
    expect((await bulk.add({ ...asked, crashIds: ids(1) })).id).not.toBe(first.id);
  });

  it("hands on as many crashes a second as its rate says, and ends when all are done", async () => {
    const { id } = await bulk.create({
      what: "a search",
      crashIds: ids(25),
      rate: 10,
      start: true,
      why: "symbols",
    });
    expect([await second(), await second(), await second(), await second()]).toEqual([10, 10, 5, 0]);
    expect(new Set(published).size).toBe(25);
    expect(published[0]).toMatch(/^reprocessing \S+ default symbols$/);
    for (const crashId of ids(24)) await bulk.finished(crashId, "default", "processed");
    // One that is done twice counts once.
    await bulk.finished(ids(1)[0]!, "default", "processed");
    expect(await bulk.get(id)).toMatchObject({ state: "running", done: 24 });
    await bulk.finished(ids(25)[24]!, "default", "failed");
    expect(await bulk.get(id)).toMatchObject({ state: "done", done: 25, failed: 1, total: 25 });
  });

  it("hands crashes on in the order in which they were given, and counts those that changed", async () => {
    const given = ids(12).reverse();
    const { id } = await bulk.create({ what: "symbols", crashIds: given, rate: 5, start: true });
    for (const _ of [1, 2, 3]) await second();
    expect(published.map((one) => one.split(" ")[1])).toEqual(given);
    for (const [index, crashId] of given.entries())
      await bulk.finished(crashId, "default", index < 3 ? "changed" : "processed");
    expect(await bulk.get(id)).toMatchObject({ state: "done", done: 12, failed: 0, changed: 3 });
  });

  it("notes what symbols made of its crashes: frames with names before and after, and changed signatures", async () => {
    const given = ids(4);
    const { id } = await bulk.create({ what: "symbols", crashIds: given, start: true, why: "symbols" });
    expect(await bulk.effect(id)).toBeUndefined();
    await second();
    const before = { signature: "a.so@0x1", frames: 3, named: 0 };
    const after = { signature: "brew", frames: 4, named: 4 };
    await bulk.finished(given[0]!, "default", "changed", { before, after });
    await bulk.finished(given[1]!, "default", "changed", { before, after });
    // One that is done twice counts once.
    await bulk.finished(given[1]!, "default", "changed", { before, after });
    await bulk.finished(given[2]!, "default", "processed", { before, after: before });
    await bulk.finished(given[3]!, "default", "failed");
    expect(await bulk.effect(id)).toEqual({
      before: { frames: 9, named: 0 },
      after: { frames: 11, named: 8 },
      changes: [{ before: "a.so@0x1", after: "brew", crashes: 2 }],
    });
    const other = await bulk.create({ what: "ids", crashIds: ids(1), start: true });
    await second();
    await bulk.finished(ids(1)[0]!, "default", "changed", { before, after });
    expect(await bulk.effect(other.id)).toBeUndefined();
  });

  it("keeps a bounded number of changes, and tells of the largest", async () => {
    const given = ids(700);
    const request = { what: "symbols", crashIds: given, rate: 1000, start: true, why: "symbols" } as const;
    const { id } = await bulk.create(request);
    for (let at = 0; at < given.length; ) {
      at += await second();
      for (const [index, crashId] of given.slice(0, at).entries()) {
        const signature = index % 7 === 0 ? "often" : `once ${index}`;
        const before = { signature: "x".repeat(2000), frames: 1, named: 0 };
        await bulk.finished(crashId, "default", "changed", {
          before,
          after: { signature, frames: 1, named: 1 },
        });
      }
    }
    const effect = await bulk.effect(id);
    expect(effect?.changes).toHaveLength(20);
    expect(effect?.changes[0]).toEqual({ before: "x".repeat(500), after: "often", crashes: 100 });
    expect(effect?.after).toEqual({ frames: 700, named: 700 });
  }, 60_000);

  it("stands still while it is paused, and goes on with what is left", async () => {
    const { id } = await bulk.create({ what: "ids", crashIds: ids(20), rate: 10, start: true });
    await second();
    await bulk.pause(id);
    expect(await second()).toBe(0);
    await bulk.finished(ids(20).find((one) => published[0]!.includes(one))!, "default", "processed");
    expect(await bulk.get(id)).toMatchObject({ state: "paused", done: 1 });
    await bulk.resume(id);
    await bulk.setRate(id, 100);
    expect(await second()).toBe(10);
  });

  it("forgets what is not queued when it is cancelled, and stays so", async () => {
    const { id } = await bulk.create({ what: "ids", crashIds: ids(20), rate: 5, start: true });
    await second();
    expect(await bulk.cancel(id)).toMatchObject({ state: "cancelled" });
    expect(await second()).toBe(0);
    expect(await bulk.resume(id)).toMatchObject({ state: "cancelled" });
    expect(await bulk.get("nobody")).toBeUndefined();
  });

  it("does not fill the queue: what may be queued and not done is bounded", async () => {
    await bulk.create({ what: "ids", crashIds: ids(1000), rate: 1000, start: true });
    expect([await second(), await second()]).toEqual([200, 0]);
  });

  it("goes on after Redis was killed, with what it had", async () => {
    const { id } = await bulk.create({ what: "ids", crashIds: ids(30), rate: 10, start: true });
    await second();
    await redis.restart();
    await bulk.close();
    bulk = open();
    expect(await bulk.get(id)).toMatchObject({ state: "running", total: 30 });
    expect([await second(), await second()]).toEqual([10, 10]);
    expect(new Set(published).size).toBe(30);
  });

  it("queues again what was queued and is in no queue", async () => {
    await bulk.create({ what: "ids", crashIds: ids(1), start: true });
    await second();
    time += 61_000;
    await bulk.feed(publisher);
    expect(published).toHaveLength(2);
  });

  it("is not begun where its crashes cannot be counted", async () => {
    async function* failing(): AsyncIterable<CrashId> {
      yield ids(1)[0]!;
      throw new MaydayError("SEARCH_UNAVAILABLE");
    }
    await expect(bulk.create({ what: "a search", crashIds: failing(), start: true })).rejects.toThrow();
    expect((await bulk.list())[0]).toMatchObject({ state: "cancelled" });
    expect(await second()).toBe(0);
  });

  it("is done through the queue, beside live crashes that do not wait for it", async () => {
    const real: Publisher = createPublisher(redis.socket, () => undefined);
    const seen: string[] = [];
    const options = { redisUrl: redis.socket, concurrency: 1, onError: () => undefined };
    const consumers = (["standard", "reprocessing"] as const).map((queue) =>
      consumeCrashes(
        queue,
        async ({ crashId, ruleset, why }) => {
          seen.push(`${queue} ${why ?? "-"}`);
          if (queue === "reprocessing") await bulk.finished(crashId, ruleset, "processed");
        },
        options,
      ),
    );
    const { id } = await bulk.create({ what: "ids", crashIds: ids(50), rate: 1000, start: true });
    time += 1000;
    await bulk.feed(real);
    await real.publishNewCrashes(["de1bb258-cbbf-4589-a673-34ffff260820" as CrashId]);
    await vi.waitFor(async () => expect(await bulk.get(id)).toMatchObject({ state: "done", done: 50 }), SOON);
    expect(seen.filter((one) => one === "reprocessing bulk")).toHaveLength(50);
    expect(seen.filter((one) => one === "standard -")).toHaveLength(1);
    await Promise.all(consumers.map((consumer) => consumer.close(1000)));
    await real.close();
  });
});
