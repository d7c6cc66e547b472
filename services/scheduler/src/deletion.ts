import { type CrashId, dayOf } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Records } from "@mayday/records";
import { crashesFound, type SearchEngine } from "@mayday/search";
import {
  type CrashStorage,
  listPings,
  loadPing,
  type ObjectStore,
  type PingStorage,
  pingObject,
  type StoredPing,
} from "@mayday/storage";

export interface DeletionParts {
  readonly storage: Pick<CrashStorage, "remove">;
  /** Where pings are. */
  readonly objects: Pick<ObjectStore, "list" | "get" | "delete">;
  readonly pings: Pick<PingStorage, "listBatches" | "removeFrom">;
  readonly engine: Pick<SearchEngine, "search" | "remove">;
  /** Whose data is to be deleted, and what was. */
  readonly deletions: Pick<Records["deletions"], "open" | "note">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;
/** Days whose pings may not be in the index yet. */
const RECENT_DAYS = 4;
/** A crash that was being processed when its deletion was asked for is in the index by then, ms. */
const LASTS_MS = 3_600_000;
/** How long until a request is looked at again, ms. */
const AGAIN_MS = 600_000;
const AT_ONCE = 500;
const MOST_CRASHES = 1_000_000;

/**
 * Deletes what is stored of clients that asked for it: crashes with their dumps, from the index, and pings. A request is
 * looked at again for an hour: a crash may have come just before. One that a stop cuts off is open still.
 * @returns how many crashes and pings were deleted
 */
export async function deleteAsked(
  parts: DeletionParts,
  signal?: AbortSignal,
): Promise<{ crashes: number; pings: number }> {
  const { deletions, log, metrics, now } = parts;
  const total = { crashes: 0, pings: 0 };
  for (const request of await deletions.open(new Date(now().getTime() - AGAIN_MS))) {
    if (signal?.aborted) break;
    const { clientId = "", asked } = request;
    const crashes = await deleteCrashes(clientId, parts);
    const pings = await deletePings(clientId, parts, signal);
    const isDone = !signal?.aborted && now().getTime() - asked.getTime() > LASTS_MS;
    await deletions.note(request, { crashes, pings, isDone });
    // Not whose: what is deleted is not to live on in the log.
    if (crashes + pings > 0) log.info({ request: request.id, crashes, pings }, "deleted for a client");
    total.crashes += crashes;
    total.pings += pings;
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

/**
 * Pings lie in batches, which are looked through whole: those of the days of which the index knows pings of the client,
 * and of the days just past, whose pings it may not have yet.
 */
async function deletePings(
  clientId: string,
  { objects, pings, engine, now }: DeletionParts,
  signal: AbortSignal | undefined,
): Promise<number> {
  const filter = { op: "equals", field: "glean_client_id", value: clientId } as const;
  const sources = ["ping"] as const;
  const { dates } = await crashesFound({ weeks: undefined, filter, sources }, engine, MOST_CRASHES);
  const days = new Set([...dates.values()].map((date) => date.slice(0, 10).replaceAll("-", "")));
  for (let back = 0; back < RECENT_DAYS; back++) days.add(dayOf(new Date(now().getTime() - back * DAY_MS)));
  let count = 0;
  for (const day of days) {
    if (signal?.aborted) return count;
    for await (const batch of pings.listBatches(day))
      count += await pings.removeFrom(batch, (ping) => clientOf(ping) === clientId);
    count += await deleteAlone(clientId, day, objects as ObjectStore);
  }
  // The index last: what a stop leaves is found again.
  const ids: string[] = [...dates.keys()];
  for (let at = 0; at < ids.length; at += AT_ONCE) await engine.remove(ids.slice(at, at + AT_ONCE));
  return count;
}

/** Pings that are not part of a batch yet. */
async function deleteAlone(clientId: string, day: string, objects: ObjectStore): Promise<number> {
  const found: string[] = [];
  for await (const { documentId } of listPings(objects, day)) {
    const ping = await loadPing(objects, day, documentId);
    if (ping !== undefined && clientOf(ping) === clientId) found.push(pingObject(ping).key);
  }
  await objects.delete(found);
  return found.length;
}

/** Who sent a ping: Glean's client id, or the older telemetry's. */
function clientOf({ ping }: StoredPing): unknown {
  const info = ping["client_info"] as { client_id?: unknown } | undefined;
  return info?.client_id ?? ping["clientId"];
}
