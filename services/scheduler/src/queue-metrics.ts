import type { Metrics } from "@mayday/observability";
import type { QueueHistory, QueuePoint } from "@mayday/queue";

/** Both gauges are read at one moment: they are of one look. */
const FRESH_MS = 1000;

/** Tells how the queues stand whenever metrics are asked for; while Redis is away they are absent. */
export function addQueueMetrics(metrics: Metrics, history: Pick<QueueHistory, "now">): void {
  let look: { readonly at: number; readonly point: Promise<QueuePoint> } | undefined;
  const now = (): Promise<QueuePoint> => {
    if (look === undefined || performance.now() - look.at > FRESH_MS)
      look = { at: performance.now(), point: history.now() };
    return look.point;
  };
  metrics.gauges("queue_jobs", async () =>
    Object.entries((await now()).queues).flatMap(([queue, { waiting, delayed, active, failed }]) =>
      Object.entries({ waiting, delayed, active, failed }).map(
        ([state, count]) => [{ queue, state }, count] as const,
      ),
    ),
  );
  metrics.gauges("queue_oldest_seconds", async () =>
    Object.entries((await now()).queues).map(
      ([queue, { oldestMs }]) => [{ queue }, oldestMs / 1000] as const,
    ),
  );
}
