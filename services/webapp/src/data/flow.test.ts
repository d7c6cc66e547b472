import { describe, expect, it } from "vitest";
import { flowIn } from "./flow.ts";

describe("what the services did", () => {
  it("is told by outcome, the most frequent first, with stretches in which nothing came", () => {
    const { reports, pings } = flowIn([
      { counts: { "collector_reports_total reject": 1, "collector_reports_total accept": 2 } },
      { counts: {} },
      {
        counts: {
          "collector_reports_total accept": 3,
          "collector_pings_total glean accept": 4,
          "collector_pings_total telemetry accept": 1,
        },
      },
    ]);
    expect(reports).toEqual([
      { name: "accept", count: 5, points: [2, 0, 3] },
      { name: "reject", count: 1, points: [1, 0, 0] },
    ]);
    expect(pings).toEqual([{ name: "accept", count: 5, points: [0, 0, 5] }]);
  });

  it("has percentiles of the time until a crash is searchable", () => {
    const { searchable } = flowIn([
      { counts: { "indexer_searchable_seconds 1": 90, "indexer_searchable_seconds 2.5": 8 } },
      { counts: { "indexer_searchable_seconds 10": 1, "indexer_searchable_seconds Infinity": 1 } },
      { counts: {} },
    ]);
    expect(searchable).toEqual({ p50: 1, p95: 2.5, p99: 10, points: [2.5, Number.POSITIVE_INFINITY, 0] });
    expect(flowIn([{ counts: {} }]).searchable).toBeUndefined();
  });
});
