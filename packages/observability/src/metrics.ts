import type { Counter, Histogram, ObservableGauge } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { AggregationType, MeterProvider } from "@opentelemetry/sdk-metrics";
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  metricsList,
} from "./metrics-list.ts";

/** Counts and measures what the list names. One per service. */
export interface Metrics {
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, amount?: number): void;
  /** Adds one measured value (seconds, bytes or a number of things, as the list says). */
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void;
  /** Has a value read whenever metrics are told. */
  gauge(name: GaugeName, read: () => number): void;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutTargetInfo: true });
  const provider = new MeterProvider({ readers: [exporter], views: bucketViews() });
  const meter = provider.getMeter("mayday");
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, ObservableGauge>();
  for (const [name, { kind, says: description }] of Object.entries(metricsList)) {
    if (kind === "counter") counters.set(name, meter.createCounter(name, { description }));
    else if (kind === "gauge") gauges.set(name, meter.createObservableGauge(name, { description }));
    else histograms.set(name, meter.createHistogram(name, { description }));
  }
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    count: (name, labels, amount = 1) => counters.get(name)?.add(amount, labels),
    observe: (name, labels, value) => histograms.get(name)?.record(value, labels),
    gauge: (name, read) => gauges.get(name)?.addCallback((result) => result.observe(read())),
    text: async () => serializer.serialize((await exporter.collect()).resourceMetrics),
  };
}

function bucketViews() {
  return Object.entries(metricsList).flatMap(([instrumentName, definition]) =>
    "buckets" in definition
      ? [
          {
            instrumentName,
            aggregation: {
              type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM as const,
              options: { boundaries: [...definition.buckets] },
            },
          },
        ]
      : [],
  );
}
