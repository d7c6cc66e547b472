import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  it("are told in Prometheus' text format, with labels and buckets", async () => {
    const metrics = createMetrics();
    metrics.count("collector_reports_total", { outcome: "accept" });
    metrics.count("collector_reports_total", { outcome: "accept" }, 2);
    metrics.observe("collector_save_seconds", {}, 0.02);
    const text = await metrics.text();
    expect(text).toContain('collector_reports_total{outcome="accept"} 3');
    expect(text).toContain('collector_save_seconds_bucket{le="0.025"} 1');
    expect(text).toContain('collector_save_seconds_bucket{le="0.01"} 0');
  });

  it("are read anew each time where they are gauges, and are absent where nobody reads them", async () => {
    const metrics = createMetrics();
    let bytes = 5;
    metrics.gauge("collector_journal_bytes", () => bytes);
    expect(await metrics.text()).toContain("\ncollector_journal_bytes 5\n");
    bytes = 7;
    expect(await metrics.text()).toContain("\ncollector_journal_bytes 7\n");
    expect(await metrics.text()).not.toContain("collector_journal_waiting_entries");
  });
});
