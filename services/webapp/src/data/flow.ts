import type { Tallies, Tally } from "@mayday/queue";

/** How often something came about in a span, and in each stretch of it, the oldest first. */
export interface FlowCount {
  /** An outcome, as the metric's labels name it. */
  readonly name: string;
  readonly count: number;
  readonly points: readonly number[];
}

/** Seconds below which that share of the crashes stayed: a bucket's bound, so that it is never too little. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** The 95th percentile of each stretch; 0 where nothing came. */
  readonly points: readonly number[];
}

/** What the services did in a span, as they counted it. */
export interface Flow {
  readonly reports: readonly FlowCount[];
  readonly pings: readonly FlowCount[];
  readonly processed: readonly FlowCount[];
  readonly symbols: readonly FlowCount[];
  readonly repaired: readonly FlowCount[];
  /** From submission to searchable; undefined when nothing was indexed. */
  readonly searchable: Latency | undefined;
}

const STRETCH_MS = { minute: 60_000, hour: 3600_000 } as const;

/**
 * Of an hour by the minute, of longer spans by the hour.
 * @throws MaydayError REDIS_UNAVAILABLE
 */
export async function flowOf(tallies: Pick<Tallies, "since">, spanMs: number, now: Date): Promise<Flow> {
  const stretch = spanMs > STRETCH_MS.hour ? "hour" : "minute";
  const from = new Date(now.getTime() - spanMs + STRETCH_MS[stretch]);
  return flowIn(await tallies.since(from, stretch));
}

/** @param tallies those of each stretch, the oldest first */
export function flowIn(tallies: readonly Pick<Tally, "counts">[]): Flow {
  const counts = (metric: string, nameOf = (labels: readonly string[]) => labels.join(" ")): FlowCount[] => {
    const points = new Map<string, number[]>();
    for (const [at, { counts }] of tallies.entries())
      for (const [key, count] of Object.entries(counts)) {
        const [name, ...labels] = key.split(" ");
        if (name !== metric) continue;
        const outcome = nameOf(labels);
        const known = points.get(outcome) ?? tallies.map(() => 0);
        known[at] = (known[at] ?? 0) + count;
        points.set(outcome, known);
      }
    return [...points]
      .map(([name, of]) => ({ name, count: of.reduce((sum, one) => sum + one, 0), points: of }))
      .sort((a, b) => b.count - a.count);
  };
  const last = (labels: readonly string[]) => labels.at(-1) ?? "";
  return {
    reports: counts("collector_reports_total"),
    pings: counts("collector_pings_total", last),
    processed: counts("processor_crashes_total", last),
    symbols: counts("processor_symbol_files_total"),
    repaired: counts("scheduler_repaired_total"),
    searchable: latency(counts("indexer_searchable_seconds")),
  };
}

/** @param buckets each named by its upper bound */
function latency(buckets: readonly FlowCount[]): Latency | undefined {
  const ordered = buckets.toSorted((a, b) => Number(a.name) - Number(b.name));
  const percentile = (share: number, countOf: (bucket: FlowCount) => number): number => {
    const total = ordered.reduce((sum, bucket) => sum + countOf(bucket), 0);
    let below = 0;
    for (const bucket of ordered) {
      below += countOf(bucket);
      if (total > 0 && below >= share * total) return Number(bucket.name);
    }
    return 0;
  };
  const [first] = ordered;
  if (first === undefined) return undefined;
  const whole = (share: number) => percentile(share, ({ count }) => count);
  return {
    p50: whole(0.5),
    p95: whole(0.95),
    p99: whole(0.99),
    points: first.points.map((_, at) => percentile(0.95, ({ points }) => points[at] ?? 0)),
  };
}
