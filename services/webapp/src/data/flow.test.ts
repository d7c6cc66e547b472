import { describe, expect, it } from "vitest";
import { flowIn } from "./flow.ts";

const time = (minute: number) => new Date(Date.UTC(2026, 7, 20, 12, minute));
const stretches = [0, 1, 2].map((minute) => time(minute).getTime());

describe("what the services did", () => {
  it("is told by outcome, the most frequent first, with stretches in which nothing came", () => {
    const { reports, pings } = flowIn(
      [
        {
          time: time(0),
          counts: { "collector_reports_total reject": 1, "collector_reports_total accept": 2 },
        },
        {
          time: time(2),
          counts: {
            "collector_reports_total accept": 3,
            "collector_pings_total glean accept": 4,
            "collector_pings_total telemetry accept": 1,
          },
        },
      ],
      stretches,
    );
    expect(reports).toEqual([
      { name: "accept", count: 5, points: [2, 0, 3] },
      { name: "reject", count: 1, points: [1, 0, 0] },
    ]);
    expect(pings).toEqual([{ name: "accept", count: 5, points: [0, 0, 5] }]);
  });

  it("has percentiles of the time until a crash is searchable", () => {
    const { searchable } = flowIn(
      [
        {
          time: time(0),
          counts: { "indexer_searchable_seconds 1": 90, "indexer_searchable_seconds 2.5": 8 },
        },
        {
          time: time(1),
          counts: { "indexer_searchable_seconds 10": 1, "indexer_searchable_seconds Infinity": 1 },
        },
      ],
      stretches,
    );
    expect(searchable).toEqual({ p50: 1, p95: 2.5, p99: 10, points: [2.5, Number.POSITIVE_INFINITY, 0] });
    expect(flowIn([], stretches).searchable).toBeUndefined();
  });
});
