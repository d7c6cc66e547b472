import { type CrashId, dayOf } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import { DELETIONS, type Notebook } from "@mayday/queue";
import { crashesFound, type SearchEngine } from "@mayday/search";
import {
  type CrashStorage,
  listPings,
  loadPing,
  type ObjectStore,
  pingObject,
  type StoredPing,
} from "@mayday/storage";

export interface DeletionParts {
  readonly storage: Pick<CrashStorage, "remove">;
  /** Where pings are. */
  readonly objects: Pick<ObjectStore, "list" | "get" | "delete">;
  readonly engine: Pick<SearchEngine, "search" | "remove">;
  /** Whose data is to be deleted, and when that was asked. */
  readonly notebook: Pick<Notebook, "read" | "forget">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;
/** Nobody keeps pings longer, days. */
const FARTHEST = 400;
/** A crash that was being processed when its deletion was asked for is in the index by then, ms. */
const LASTS_MS = 3_600_000;
const AT_ONCE = 500;
const MOST_CRASHES = 1_000_000;

/**
 * Deletes what is stored of clients that asked for it: crashes with their dumps, from the index, and pings. A request is
 * looked at again for an hour: a crash may have come just before.
 * @returns how many crashes and pings were deleted
 */
export async function deleteAsked(
  parts: DeletionParts,
  signal?: AbortSignal,
): Promise<{ crashes: number; pings: number }> {
  const { notebook, log, metrics, now } = parts;
  const total = { crashes: 0, pings: 0 };
  for (const [clientId, askedAt] of Object.entries(await notebook.read(DELETIONS))) {
    if (signal?.aborted) break;
    const crashes = await deleteCrashes(clientId, parts);
    const pings = await deletePings(clientId, parts, signal);
    // Not whose: what is deleted is not to live on in the log.
    if (crashes + pings > 0) log.info({ crashes, pings }, "deleted for a client");
    total.crashes += crashes;
    total.pings += pings;
    if (!signal?.aborted && now().getTime() - Number(askedAt) > LASTS_MS)
      await notebook.forget(DELETIONS, [clientId]);
  }
  if (total.crashes > 0) metrics.count("scheduler_deleted_total", { what: "crash" }, total.crashes);
  if (total.pings > 0) metrics.count("scheduler_deleted_total", { what: "ping" }, total.pings);
  return total;
}

async function deleteCrashes(clientId: string, { storage, engine }: DeletionParts): Promise<number> {
  const filter = { op: "equals", field: "glean_client_id", value: clientId } as const;
  const { dates } = await crashesFound({ weeks: undefined, filter }, engine, MOST_CRASHES);
  const ids = [...dates.keys()];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some: CrashId[] = ids.slice(at, at + AT_ONCE);
    // The index last: what a stop leaves is found again.
    await storage.remove(some);
    await engine.remove(some);
  }
  return ids.length;
}

async function deletePings(
  clientId: string,
  { objects, now }: DeletionParts,
  signal: AbortSignal | undefined,
): Promise<number> {
  let count = 0;
  const today = now().getTime();
  for (let back = 0; back < FARTHEST && !signal?.aborted; back++) {
    const day = dayOf(new Date(today - back * DAY_MS));
    const found: string[] = [];
    for await (const { documentId } of listPings(objects as ObjectStore, day)) {
      const ping = await loadPing(objects as ObjectStore, day, documentId);
      if (ping !== undefined && clientOf(ping) === clientId) found.push(pingObject(ping).key);
    }
    await objects.delete(found);
    count += found.length;
  }
  return count;
}

/** Who sent a ping: Glean's client id, or the older telemetry's. */
function clientOf({ ping }: StoredPing): unknown {
  const info = ping["client_info"] as { client_id?: unknown } | undefined;
  return info?.client_id ?? ping["clientId"];
}
