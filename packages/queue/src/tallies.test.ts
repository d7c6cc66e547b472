import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTallies } from "./index.ts";
import { hasRedis, startRedis, type TestRedis } from "./test-support/redis-server.ts";

const quiet = () => undefined;
let redis: TestRedis;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.stop());

describe.skipIf(!hasRedis)("tallies (needs redis-server)", () => {
  it("add up what several services count, by minute and by hour", async () => {
    let time = Date.parse("2026-08-20T12:00:30Z");
    const clock = () => time;
    const [one, other] = [openTallies(redis.socket, quiet, clock), openTallies(redis.socket, quiet, clock)];
    one.add("reports accept", 2);
    one.add("reports accept", 1);
    await one.close();
    other.add("reports accept", 4);
    other.add("reports reject", 1);
    await other.close();
    time += 60_000;
    const later = openTallies(redis.socket, quiet, clock);
    later.add("reports accept", 8);
    await later.close();

    const reader = openTallies(redis.socket, quiet, clock);
    expect(await reader.since(new Date(time - 120_000), "minute")).toEqual([
      { time: new Date("2026-08-20T11:59:00Z"), counts: {} },
      { time: new Date("2026-08-20T12:00:00Z"), counts: { "reports accept": 7, "reports reject": 1 } },
      { time: new Date("2026-08-20T12:01:00Z"), counts: { "reports accept": 8 } },
    ]);
    expect(await reader.since(new Date(time - 3600_000), "hour")).toEqual([
      { time: new Date("2026-08-20T11:00:00Z"), counts: {} },
      { time: new Date("2026-08-20T12:00:00Z"), counts: { "reports accept": 15, "reports reject": 1 } },
    ]);
    expect(await reader.since(new Date(time + 60_000), "minute")).toEqual([]);
    await reader.close();
  });

  it("say at once that Redis is away, and lose only what they counted", async () => {
    const complaints: Error[] = [];
    const away = openTallies("redis://127.0.0.1:1", (error) => complaints.push(error));
    away.add("reports accept", 1);
    await away.close();
    expect(complaints.length).toBeGreaterThan(0);
  });
});
