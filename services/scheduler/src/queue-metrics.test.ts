import { createMetrics } from "@mayday/observability";
import { describe, expect, it } from "vitest";
import { addQueueMetrics } from "./queue-metrics.ts";

describe("the queues' metrics", () => {
  it("tell each queue's jobs by state and the age of its oldest, and nothing while Redis is away", async () => {
    const state = { waiting: 3, delayed: 2, active: 1, failed: 4, oldestMs: 61_500 };
    const metrics = createMetrics();
    addQueueMetrics(metrics, { now: async () => ({ time: new Date(), queues: { standard: state } }) });
    const text = await metrics.text();
    expect(text).toContain('queue_jobs{queue="standard",state="delayed"} 2');
    expect(text).toContain('queue_oldest_seconds{queue="standard"} 61.5');
    const away = createMetrics();
    addQueueMetrics(away, { now: () => Promise.reject(new Error("away")) });
    expect(await away.text()).not.toContain("queue_jobs{");
  });
});
