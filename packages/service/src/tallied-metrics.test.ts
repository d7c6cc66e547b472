import { createMetrics } from "@mayday/observability";
import { describe, expect, it } from "vitest";
import { tallied } from "./tallied-metrics.ts";

describe("tallied metrics", () => {
  it("count what the page of operations shows a second time, by labels and buckets", async () => {
    const added: [string, number][] = [];
    const own = createMetrics();
    const metrics = tallied(own, { add: (name, amount) => void added.push([name, amount]) });
    metrics.count("collector_pings_total", { kind: "glean", outcome: "accept" });
    metrics.count("processor_symbol_files_total", { outcome: "disk" }, 3);
    metrics.count("redis_errors_total", {});
    metrics.observe("indexer_searchable_seconds", {}, 0.7);
    metrics.observe("indexer_searchable_seconds", {}, 1e6);
    expect(added).toEqual([
      ["collector_pings_total glean accept", 1],
      ["processor_symbol_files_total disk", 3],
      ["indexer_searchable_seconds 1", 1],
      ["indexer_searchable_seconds Infinity", 1],
    ]);
    expect(await own.text()).toContain('collector_pings_total{kind="glean",outcome="accept"} 1');
    await metrics.close();
  });
});
