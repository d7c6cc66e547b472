export { type RecordedMetrics, recordedMetrics } from "./recorded-metrics.ts";
