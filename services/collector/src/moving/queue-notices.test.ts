import { MaydayError } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { QueueNotices } from "./queue-notices.ts";

let told: string[][] = [];
let redisIsAway = false;
const tell = async (ids: readonly string[]) => {
  if (redisIsAway) throw new MaydayError("REDIS_UNAVAILABLE");
  if (ids.length > 0) told.push([...ids]);
};
const log = createLogger({ service: "test", level: "silent", file: "" });
const metrics = createMetrics();
const crash = (id: string) => ({ queue: "standard", id }) as const;
const ping = (id: string) => ({ queue: "pings", id }) as const;
const start = () => new QueueNotices({ publisher: { publishNewCrashes: tell }, log, metrics });

beforeEach(() => {
  told = [];
  redisIsAway = false;
});

describe("telling the queue what is stored", () => {
  it("tells together what crashes are stored within a moment, and nothing of pings", async () => {
    const notices = start();
    notices.add([crash("a"), ping("p")]);
    notices.add([crash("b")]);
    await vi.waitFor(() => expect(told).toEqual([["a", "b"]]));
    notices.add([crash("c")]);
    await vi.waitFor(() => expect(told).toEqual([["a", "b"], ["c"]]));
  });

  it("tells all before it is closed", async () => {
    const notices = start();
    notices.add([crash("a")]);
    await notices.close();
    expect(told).toEqual([["a"]]);
  });

  it("holds up nobody while Redis is away, and counts what was not told", async () => {
    redisIsAway = true;
    const notices = start();
    notices.add([crash("a"), ping("p")]);
    await vi.waitFor(async () =>
      expect(await metrics.text()).toMatch(/^collector_publish_failures_total 1$/m),
    );
    redisIsAway = false;
    notices.add([crash("b")]);
    await notices.close();
    expect(told).toEqual([["b"]]);
  });
});
