import { dayOf } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import {
  listPings,
  loadPing,
  type ObjectStore,
  type PingStorage,
  pingBatches,
  pingObject,
  type StoredObject,
} from "@mayday/storage";

export interface SweepPingsParts {
  readonly objects: ObjectStore;
  readonly pings: Pick<PingStorage, "listBatches" | "hasProcessed">;
  readonly publisher: Pick<Publisher, "publishPings">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;
const IN_A_BATCH = 500;
/** A batch that is younger may be in work, ms. */
const GRACE_MS = 60_000;

/**
 * Looks for pings that were left behind: those that a full journal sent to storage one by one become batches, and
 * batches that are not processed are queued. Says how many batches were.
 */
export async function sweepPings(
  parts: SweepPingsParts,
  { days, signal }: { readonly days: number; readonly signal?: AbortSignal },
): Promise<number> {
  const { pings, publisher, metrics, log, now } = parts;
  let count = 0;
  for (let back = 0; back < days && !signal?.aborted; back++) {
    const day = dayOf(new Date(now().getTime() - back * DAY_MS));
    await gather(day, parts);
    for await (const batch of pings.listBatches(day)) {
      if (signal?.aborted) break;
      if (now().getTime() - batch.savedAt.getTime() < GRACE_MS || (await pings.hasProcessed(batch))) continue;
      await publisher.publishPings([batch]);
      count++;
    }
  }
  if (count > 0) {
    metrics.count("scheduler_repaired_total", { missing: "pings" }, count);
    log.info({ batches: count }, "queued pings that were left behind");
  }
  return count;
}

async function gather(day: string, { objects, publisher }: SweepPingsParts): Promise<void> {
  let alone: StoredObject[] = [];
  const write = async () => {
    const batches = pingBatches(alone);
    await objects.putGroups(batches.map(({ object }) => [object]));
    await objects.delete(alone.map(({ key }) => key));
    await publisher.publishPings(batches.map(({ batch }) => batch));
    alone = [];
  };
  for await (const { documentId } of listPings(objects, day)) {
    const ping = await loadPing(objects, day, documentId);
    if (ping !== undefined) alone.push(pingObject(ping));
    if (alone.length === IN_A_BATCH) await write();
  }
  if (alone.length > 0) await write();
}
