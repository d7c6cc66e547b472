import { recordedMetrics } from "@mayday/observability/recorded";
import { describe, expect, it } from "vitest";
import { addQueueMetrics } from "./queue-metrics.ts";

describe("the queues' metrics", () => {
  it("tell each queue's jobs by state and the age of its oldest, and nothing while Redis is away", async () => {
    const state = { waiting: 3, delayed: 2, active: 1, failed: 4, oldestMs: 61_500 };
    const metrics = recordedMetrics();
    addQueueMetrics(metrics, { now: async () => ({ time: new Date(), queues: { standard: state } }) });
    expect(await metrics.read("queue_jobs", { queue: "standard", state: "delayed" })).toBe(2);
    expect(await metrics.read("queue_oldest_seconds", { queue: "standard" })).toBe(61.5);
    const away = recordedMetrics();
    addQueueMetrics(away, { now: () => Promise.reject(new Error("away")) });
    expect(await away.read("queue_jobs")).toBeUndefined();
  });
});
