import type { BulkJob, QueuePoint, UnprocessedCrash } from "@mayday/queue";
import type { WebappParts } from "../parts.ts";
import { type Flow, flowOf } from "./flow.ts";

/** How far back the page of operations looks. */
export const opsSpans = { hour: 3600_000, day: 24 * 3600_000, "2 weeks": 14 * 24 * 3600_000 } as const;
export type OpsSpan = keyof typeof opsSpans;

export interface Operations {
  readonly now: QueuePoint;
  /** The oldest first, at most {@link MOST_POINTS}. */
  readonly history: readonly QueuePoint[];
  readonly flow: Flow;
  /** Undefined for who may not see jobs. */
  readonly bulk: readonly BulkJob[] | undefined;
  readonly setAside: readonly UnprocessedCrash[] | undefined;
  readonly waiting: readonly UnprocessedCrash[] | undefined;
}

/** More points than a plot has pixels tell nothing. */
const MOST_POINTS = 500;
const MOST_FAILED = 50;

/** How the queues stand and stood, and the jobs a viewer may see; undefined when Redis does not answer. */
export async function operations(
  { history, tallies, bulk, crashJobs, log, now }: WebappParts,
  span: OpsSpan,
  maySee: boolean,
): Promise<Operations | undefined> {
  try {
    // While Redis is away this one says so at once; the others would wait for it.
    const current = await history.now();
    const [points, flow, jobs, setAside, waiting] = await Promise.all([
      history.since(new Date(now().getTime() - opsSpans[span])),
      flowOf(tallies, opsSpans[span], now()),
      maySee ? bulk.list() : undefined,
      maySee ? crashJobs.setAside(MOST_FAILED) : undefined,
      maySee ? crashJobs.waiting(MOST_FAILED) : undefined,
    ]);
    return { now: current, history: thinned(points), flow, bulk: jobs, setAside, waiting };
  } catch (error) {
    log.warn({ err: error }, "the page of operations goes without queues");
    return undefined;
  }
}

/** Of every stretch the point with most waiting: a peak must not vanish between two points. */
export function thinned(points: readonly QueuePoint[]): QueuePoint[] {
  const stretch = Math.ceil(points.length / MOST_POINTS);
  if (stretch <= 1) return [...points];
  const waits = ({ queues }: QueuePoint) => Object.values(queues).reduce((sum, one) => sum + one.waiting, 0);
  return Array.from({ length: Math.ceil(points.length / stretch) }, (_, index) =>
    points
      .slice(index * stretch, (index + 1) * stretch)
      .reduce((most, point) => (waits(point) > waits(most) ? point : most)),
  );
}
