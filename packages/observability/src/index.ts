export { addHealthRoutes, type HealthChecks } from "./health.ts";
export { createLogger, type Logger } from "./logger.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { metricsList } from "./metrics-list.ts";
export { closeServer, listen, type RunningService, runService, runUntilSignal } from "./service.ts";
