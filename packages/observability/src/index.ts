export { type Beginning, beginService, logOptions } from "./begin-service.ts";
export { lockFolder } from "./folder-lock.ts";
export { addHealthRoutes, type HealthChecks } from "./health.ts";
export { type HealthServer, startHealthServer } from "./health-server.ts";
export { createLogger, type Logger } from "./logger.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { metricsList } from "./metrics-list.ts";
export { closeServer, listen, type RunningService, runService, runUntilSignal } from "./service.ts";
