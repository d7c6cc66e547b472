import type { Metrics } from "@mayday/observability";
import type { Walker } from "./walker.ts";

/** Counts how walks came by their symbols. */
export function countingWalker(walker: Walker, metrics: Metrics): Walker {
  return {
    limitMs: walker.limitMs,
    async walk(request) {
      const outcome = await walker.walk(request);
      for (const [event, amount] of Object.entries(outcome.symbolEvents)) {
        metrics.count("processor_symbol_files_total", { outcome: event }, amount);
      }
      return outcome;
    },
    close: () => walker.close(),
  };
}
