import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fasterRules } from "./faster-rules.ts";

it("shortens all times of the shipped rules, and nothing else", () => {
  const text = readFileSync(new URL("../../infra/prometheus/rules.yml", import.meta.url), "utf8");
  const rules = fasterRules(text, 30).groups.flatMap((group) => group.rules);
  const of = (name: string) => rules.find(({ alert }) => alert === name);
  expect(of("MaydayQueueOld")).toMatchObject({
    expr: 'max by (queue) (queue_oldest_seconds{queue=~"standard|priority|indexing"}) > 30',
    for: "10s",
  });
  expect(of("MaydaySearchableLate")).toMatchObject({
    expr: "histogram_quantile(0.95, sum by (le) (rate(indexer_searchable_seconds_bucket[30s]))) > 20",
    for: "30s",
  });
  expect(of("MaydaySweepsRepair")?.expr).toBe(
    'sum(increase(scheduler_repaired_total{missing!="version"}[120s])) > 100',
  );
  expect(of("MaydayJournalGrows")?.expr).toContain("> 1000");
});
