import type { CrashId } from "@mayday/crash";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPublisher, createQueueHistory, openExpiring } from "./index.ts";
import { hasRedis, startRedis, type TestRedis } from "./test-support/redis-server.ts";

const id = "de1bb258-cbbf-4589-a673-340000260820" as CrashId;
const quiet = () => undefined;
let redis: TestRedis;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.stop());

describe.skipIf(!hasRedis)("the history of the queues (needs redis-server)", () => {
  it("tells what waits and since when, and keeps one point a minute", async () => {
    let time = Date.now();
    const publisher = createPublisher(redis.socket, quiet);
    const history = createQueueHistory(redis.socket, quiet, () => time);
    await history.note();
    await publisher.publishCrash("standard", id);
    time += 90_000;
    const { standard, priority } = (await history.now()).queues;
    expect(standard).toMatchObject({ waiting: 1, active: 0, failed: 0 });
    expect(standard?.oldestMs).toBeGreaterThan(80_000);
    expect(priority).toMatchObject({ waiting: 0, oldestMs: 0 });
    await history.note();
    await history.note();
    const points = await history.since(new Date(time - 600_000));
    expect(points.map(({ queues }) => queues["standard"]?.waiting)).toEqual([0, 1]);
    expect(points.every((point) => point.time.getTime() % 60_000 === 0)).toBe(true);
    expect(await history.since(new Date(time + 60_000))).toEqual([]);
    await Promise.all([publisher.close(), history.close()]);
  });
});

describe.skipIf(!hasRedis)("texts that expire (needs redis-server)", () => {
  it("are there, replaced, and gone", async () => {
    const kept = openExpiring(redis.socket, "session", quiet);
    expect(await kept.get("a")).toBeUndefined();
    await kept.set("a", "1", 60_000);
    await kept.set("a", "2", 60_000);
    expect(await kept.get("a")).toBe("2");
    await kept.delete("a");
    expect(await kept.get("a")).toBeUndefined();
    await kept.set("b", "1", 1);
    await expect.poll(() => kept.get("b")).toBeUndefined();
    await kept.close();
  });
});
