import { describe, expect, it } from "vitest";
import { recordedMetrics } from "./index.ts";

describe("recorded metrics", () => {
  it("give what was counted and measured, by the labels that are asked for", () => {
    const metrics = recordedMetrics();
    metrics.count("queue_handled_total", { queue: "standard", outcome: "done" }, 2);
    metrics.count("queue_handled_total", { queue: "standard", outcome: "failed" });
    metrics.observe("queue_work_seconds", { queue: "standard" }, 0.5);
    metrics.observe("queue_work_seconds", { queue: "priority" }, 0.1);
    expect(metrics.counted("queue_handled_total")).toBe(3);
    expect(metrics.counted("queue_handled_total", { outcome: "failed" })).toBe(1);
    expect(metrics.counted("queue_handled_total", { queue: "priority" })).toBe(0);
    expect(metrics.observed("queue_work_seconds", { queue: "standard" })).toEqual([0.5]);
    expect(metrics.observed("queue_work_seconds")).toEqual([0.5, 0.1]);
  });

  it("read gauges when they are asked, and say nothing where nobody can tell", async () => {
    const metrics = recordedMetrics();
    let bytes = 1;
    metrics.gauge("collector_journal_bytes", () => bytes);
    bytes = 2;
    expect(await metrics.read("collector_journal_bytes")).toBe(2);
    metrics.gauges("queue_oldest_seconds", () => Promise.reject(new Error("away")));
    expect(await metrics.read("queue_oldest_seconds")).toBeUndefined();
    expect(await metrics.read("process_heap_bytes")).toBeUndefined();
  });
});
