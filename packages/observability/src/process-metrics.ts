import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
} from "node:perf_hooks";
import type { Metrics } from "./metrics.ts";

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

const gcKinds = new Map<number, string>([
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weak"],
]);

/** Tells of the process itself: memory, processor time, how late its event loop is, garbage collection. */
export function addProcessMetrics(metrics: Metrics): void {
  metrics.gauge("process_resident_memory_bytes", () => process.memoryUsage.rss());
  metrics.gauge("process_heap_bytes", () => process.memoryUsage().heapUsed);
  metrics.gauge("process_start_time_seconds", () => Date.now() / 1000 - process.uptime());
  metrics.gauge("process_cpu_seconds", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  metrics.gauges("process_event_loop_delay_seconds", () => {
    const at = (percentile: number) =>
      Math.max(0, delay.percentile(percentile) / NANOSECONDS - RESOLUTION_MS / 1000);
    const read = [
      [{ quantile: "0.5" }, at(50)],
      [{ quantile: "0.99" }, at(99)],
      [{ quantile: "1" }, Math.max(0, delay.max / NANOSECONDS - RESOLUTION_MS / 1000)],
    ] as const;
    delay.reset();
    return read;
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { readonly detail?: { kind?: number } })[]) {
      const { duration, detail } = entry;
      const kind = gcKinds.get(detail?.kind ?? 0);
      if (kind !== undefined) metrics.observe("process_gc_seconds", { kind }, duration / 1000);
    }
  }).observe({ entryTypes: ["gc"] });
}
