export { createLogger, type Logger } from "./logger.ts";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics.ts";
export { type CounterName, type HistogramName, metricsList } from "./metrics-list.ts";
export { addProcessMetrics } from "./process-metrics.ts";
export {
  createTraces,
  type SpanName,
  type ToldSpan,
  type Traces,
  type TracesOptions,
  tracesOptions,
} from "./traces.ts";
