import type { Counter, Histogram, ObservableGauge } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
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
  /** Has the values of a gauge with labels read whenever metrics are told. What cannot be read is not told. */
  gauges<N extends GaugeName>(name: N, read: () => Readings<N> | Promise<Readings<N>>): void;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
  /** Sends what was not sent yet, within two seconds or not at all. Metrics are not told after that. */
  close(): Promise<void>;
}

type Readings<N extends GaugeName> = Iterable<readonly [LabelsOf<N>, number]>;

export interface MetricsOptions {
  /** Name of the service, as OTLP tells it. */
  readonly service?: string;
  /** Address that metrics are also sent to as OTLP, such as `http://127.0.0.1:4318`. */
  readonly otlpEndpoint?: string;
  /** How often they are sent, ms. */
  readonly otlpEveryMs?: number;
}

const OTLP_EVERY_MS = 30_000;
/** Longer than this nobody waits for who takes them, ms: a stop has nine seconds for everything. */
const CLOSE_LIMIT_MS = 2000;

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutTargetInfo: true });
  const provider = new MeterProvider({
    readers: [exporter, ...otlpReader(options)],
    views: bucketViews(),
    resource: resourceFromAttributes({
      "service.namespace": "mayday",
      "service.name": options.service ?? "",
    }),
  });
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
    gauges: (name, read) =>
      gauges.get(name)?.addCallback(async (result) => {
        try {
          for (const [labels, value] of await read()) result.observe(value, labels);
        } catch {
          // Whoever reads them sees that they are absent.
        }
      }),
    close: () => provider.shutdown({ timeoutMillis: CLOSE_LIMIT_MS }).catch(() => undefined),
    text: async () => serializer.serialize((await exporter.collect()).resourceMetrics),
  };
}

/** Sends in the background; a collector that is away costs figures, nothing else. */
function otlpReader({ otlpEndpoint = "", otlpEveryMs = OTLP_EVERY_MS }: MetricsOptions) {
  if (otlpEndpoint === "") return [];
  const exporter = new OTLPMetricExporter({ url: `${otlpEndpoint.replace(/\/+$/, "")}/v1/metrics` });
  const times = { exportIntervalMillis: otlpEveryMs, exportTimeoutMillis: Math.min(otlpEveryMs, 10_000) };
  return [new PeriodicExportingMetricReader({ exporter, ...times })];
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
