import { type CrashId, dayOf, pingIdOf } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Notebook } from "@mayday/queue";
import type { SearchEngine } from "@mayday/search";
import type { CrashStorage, PingStorage } from "@mayday/storage";

export interface ExpiryParts {
  readonly pings: Pick<PingStorage, "listBatches" | "loadProcessed" | "remove">;
  readonly storage: Pick<CrashStorage, "listReports" | "remove">;
  readonly engine: Pick<SearchEngine, "remove">;
  /** Remembers up to which day all is gone. */
  readonly notebook: Pick<Notebook, "read" | "write">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

export interface ExpiryReach {
  /** Crashes that were collected so many months ago and more are removed. */
  readonly months: number;
  /** Ends it where it is; the next time goes on there. */
  readonly signal?: AbortSignal;
}

const DAY_MS = 86_400_000;
/** How far back the first time looks, days: nobody keeps crashes longer. */
const FARTHEST = 3660;
const REMOVED_AT_ONCE = 500;
const PAGE = "expiry";

/**
 * Removes crashes that are too old, with all that is stored of them, day by day from the oldest. Each day is looked at
 * once: which was the last one is remembered. Says how many crashes it removed.
 */
export async function expire(parts: ExpiryParts, { months, signal }: ExpiryReach): Promise<number> {
  const { notebook, log, metrics, now } = parts;
  const last = lastExpired(now(), months);
  const { goneUntil } = await notebook.read(PAGE);
  const first = Math.max(Date.parse(goneUntil ?? "") + DAY_MS || 0, last - FARTHEST * DAY_MS);
  let removed = 0;
  for (let day = first; day <= last && !signal?.aborted; day += DAY_MS) {
    const count = await expireDay(dayOf(new Date(day)), parts, signal);
    removed += count;
    if (count > 0) log.info({ day: dayOf(new Date(day)), crashes: count }, "expired");
    // A day whose removal was cut off is done again.
    if (!signal?.aborted) await notebook.write(PAGE, { goneUntil: new Date(day).toISOString() });
  }
  if (removed > 0) metrics.count("scheduler_expired_total", {}, removed);
  return removed;
}

async function expireDay(
  day: string,
  { storage, pings, engine }: ExpiryParts,
  signal: AbortSignal | undefined,
) {
  let count = 0;
  let ids: CrashId[] = [];
  const remove = async () => {
    // The store last: what a stop leaves is listed again.
    await engine.remove(ids);
    await storage.remove(ids);
    count += ids.length;
    ids = [];
  };
  for await (const { id } of storage.listReports(day)) {
    if (signal?.aborted) return count;
    ids.push(id);
    if (ids.length === REMOVED_AT_ONCE) await remove();
  }
  if (ids.length > 0) await remove();
  for await (const batch of pings.listBatches(day)) {
    if (signal?.aborted) return count;
    const processed = (await pings.loadProcessed(batch)) ?? [];
    await engine.remove(processed.map(({ document_id }) => pingIdOf(document_id)));
    await pings.remove([batch]);
  }
  return count;
}

/** The last day, its beginning in ms, that is at least so many months ago. */
function lastExpired(now: Date, months: number): number {
  const month = now.getUTCMonth() - months;
  // 31 March less one month is the last of February.
  const lastOfMonth = new Date(Date.UTC(now.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(now.getUTCFullYear(), month, Math.min(now.getUTCDate(), lastOfMonth)) - DAY_MS;
}
