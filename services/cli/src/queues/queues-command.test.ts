import { describe, expect, it } from "vitest";
import { queuesTable } from "./queues-command.ts";

describe("the table of queues", () => {
  it("tells numbers in columns, and the age of the oldest where something waits", () => {
    const empty = { waiting: 0, delayed: 0, active: 1, failed: 0, oldest_seconds: 0 };
    const table = queuesTable({
      standard: { waiting: 1200, delayed: 3, active: 2, failed: 0, oldest_seconds: 240 },
      priority: empty,
    });
    expect(table.split("\n")).toEqual([
      "queue     waiting  delayed  active  failed  oldest",
      "standard     1200        3       2       0   4 min",
      "priority        0        0       1       0       -",
    ]);
  });
});
