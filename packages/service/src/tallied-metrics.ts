import { type CounterName, type HistogramName, type Metrics, metricsList } from "@mayday/observability";

/** What the page of operations shows over time. */
const talliedMetrics = [
  "collector_reports_total",
  "collector_pings_total",
  "processor_crashes_total",
  "processor_symbol_files_total",
  "indexer_searchable_seconds",
  "scheduler_repaired_total",
] as const satisfies readonly (CounterName | HistogramName)[];

const isTallied = (name: string): boolean => (talliedMetrics as readonly string[]).includes(name);

/**
 * The same metrics, of which some are counted by `tallies` as well: a counter under its name and the values of its labels
 * with blanks between, a histogram under its name and the upper bound of the value's bucket.
 */
export function tallied(metrics: Metrics, tallies: { add(name: string, amount: number): void }): Metrics {
  return {
    ...metrics,
    count(name, labels, amount = 1) {
      metrics.count(name, labels, amount);
      if (isTallied(name)) tallies.add([name, ...Object.values(labels)].join(" "), amount);
    },
    observe(name, labels, value) {
      metrics.observe(name, labels, value);
      if (isTallied(name)) tallies.add(`${name} ${bucketOf(name, value)}`, 1);
    },
  };
}

function bucketOf(name: HistogramName, value: number): number {
  return metricsList[name].buckets.find((bound) => value <= bound) ?? Number.POSITIVE_INFINITY;
}
