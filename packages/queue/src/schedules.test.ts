import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectRedis } from "./connection.ts";
import { runSchedules, type Schedule, type SchedulesOptions } from "./index.ts";
import { hasRedis, startRedis, type TestRedis } from "./test-support/redis-server.ts";

const SOON = { timeout: 15_000, interval: 20 };
let redis: TestRedis;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.stop());

const start = (schedule: Schedule, onRan: SchedulesOptions["onRan"] = () => undefined) =>
  runSchedules([schedule], { redisUrl: redis.socket, onError: () => undefined, onRan });

describe.skipIf(!hasRedis)("scheduled work (needs redis-server)", () => {
  it("is done again and again, by one process at a time however many there are", async () => {
    let [running, most, times] = [0, 0, 0];
    const schedule: Schedule = {
      name: "one",
      everyMs: 100,
      async run() {
        times++;
        most = Math.max(most, ++running);
        await new Promise((done) => setTimeout(done, 150));
        running--;
      },
    };
    const processes = [start(schedule), start(schedule), start(schedule)];
    await vi.waitFor(() => expect(times).toBeGreaterThan(3), SOON);
    await Promise.all(processes.map((one) => one.close(1000)));
    expect(most).toBe(1);
  });

  it("is done at a start where that is asked for, and told so", async () => {
    const firsts: boolean[] = [];
    const schedule: Schedule = {
      name: "two",
      everyMs: 3_600_000,
      atStart: true,
      run: async ({ isFirst }) => void firsts.push(isFirst),
    };
    const once = start(schedule);
    await vi.waitFor(() => expect(firsts).toContain(true), SOON);
    await once.close(1000);
    const before = firsts.length;
    const again = start(schedule);
    await vi.waitFor(() => expect(firsts.slice(before)).toContain(true), SOON);
    await again.close(1000);
  });

  it("comes again when it failed, and tells that it did", async () => {
    const outcomes: unknown[] = [];
    let times = 0;
    const schedule: Schedule = {
      name: "three",
      everyMs: 50,
      async run() {
        if (++times === 1) throw new Error("no");
      },
    };
    const running = start(schedule, (name, _ms, outcome) => void outcomes.push([name, outcome]));
    await vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(1), SOON);
    expect(outcomes.slice(0, 2)).toEqual([
      ["three", "failed"],
      ["three", "done"],
    ]);
    await running.close(1000);
  });

  it("goes on after Redis lost all it had", async () => {
    const firsts: boolean[] = [];
    const run: Schedule["run"] = async ({ isFirst }) => void firsts.push(isFirst);
    const schedules = [{ name: "five", everyMs: 3_600_000, atStart: true, run }];
    const options = { redisUrl: redis.socket, lookEveryMs: 100, onError: () => undefined };
    const running = runSchedules(schedules, options);
    await vi.waitFor(() => expect(firsts).toContain(true), SOON);
    const before = firsts.length;
    const client = connectRedis(redis.socket);
    await client.flushall();
    client.disconnect();
    await vi.waitFor(() => expect(firsts.slice(before)).toContain(true), SOON);
    await running.close(1000);
  });

  it("ends where it is when the process stops", async () => {
    let ended = false;
    const begun = Promise.withResolvers<void>();
    const schedule: Schedule = {
      name: "four",
      everyMs: 3_600_000,
      atStart: true,
      run: ({ signal }) =>
        new Promise((done) => {
          begun.resolve();
          signal.addEventListener("abort", () => {
            ended = true;
            done(undefined);
          });
        }),
    };
    const running = start(schedule);
    await begun.promise;
    await running.close(5000);
    expect(ended).toBe(true);
  });
});
