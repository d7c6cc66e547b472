import type { Logger, Metrics } from "@mayday/observability";
import { PINGS_REMEMBERED_MS, type Publisher } from "@mayday/queue";
import { listPings, type ObjectStore } from "@mayday/storage";

export interface PingSweepParts {
  readonly store: ObjectStore;
  readonly publisher: Pick<Publisher, "republishPings">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/**
 * Of what the queue remembers this much is not used: between this look at a ping's age and the one at its job, or
 * where the store's clock is late, a job must not be forgotten.
 */
const MARGIN_MS = 3600_000;

const CHUNK = 500;

/**
 * Queues the crash pings that are stored and of which the queue knows nothing: Redis was away, and the collector that
 * would have tried again died. What marks a ping as handled is its job, which the queue remembers when it is done; so
 * no sweep looks back further than that.
 * @param graceMs pings stored less than this long ago are the collector's, ms
 * @returns how many were queued
 */
export async function sweepPings(
  { store, publisher, log, metrics, now }: PingSweepParts,
  { graceMs, signal }: { graceMs: number; signal?: AbortSignal },
): Promise<number> {
  const until = now().getTime() - graceMs;
  const from = now().getTime() - (PINGS_REMEMBERED_MS - MARGIN_MS);
  let unqueued = 0;
  for await (const documentIds of chunks(store, { from, until, signal })) {
    const queued = await publisher.republishPings(documentIds);
    metrics.count("scheduler_repaired_total", { missing: "ping_queueing" }, queued);
    unqueued += queued;
  }
  if (unqueued > 0) log.warn({ unqueued }, "swept pings");
  return unqueued;
}

async function* chunks(
  store: ObjectStore,
  { from, until, signal }: { from: number; until: number; signal: AbortSignal | undefined },
): AsyncIterable<string[]> {
  let ids: string[] = [];
  for await (const { documentId, savedAt } of listPings(store)) {
    if (signal?.aborted) return;
    if (savedAt.getTime() < from || savedAt.getTime() > until) continue;
    ids.push(documentId);
    if (ids.length < CHUNK) continue;
    yield ids;
    ids = [];
  }
  if (ids.length > 0) yield ids;
}
