export { type Beginning, beginService, logOptions } from "./begin-service.ts";
export { lockFolder } from "./folder-lock.ts";
export { addHealthRoutes, type HealthChecks } from "./health.ts";
export { type HealthServer, startHealthServer } from "./health-server.ts";
export { measuredEngine, measuredQueue, measuredStore } from "./measured.ts";
export { closeServer, listen, type RunningService, runService, runUntilSignal } from "./service.ts";
export { tallied } from "./tallied-metrics.ts";
