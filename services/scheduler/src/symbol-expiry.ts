import type { Logger, Metrics } from "@mayday/observability";
import type { Notebook } from "@mayday/queue";
import { neededBy, type SearchEngine } from "@mayday/search";
import { expireSymbols, forgetUsed, type ObjectStore, type SymbolTree } from "@mayday/storage";

export interface SymbolExpiryParts {
  /** The symbol store. */
  readonly symbols: Pick<ObjectStore, "list" | "get" | "delete">;
  readonly engine: Pick<SearchEngine, "search">;
  /** Remembers when a tree was looked through to its end. */
  readonly notebook: Pick<Notebook, "read" | "write">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

export interface SymbolExpiryReach {
  /** Symbols of each tree are kept so many days from their last use; 0 keeps them for ever. */
  readonly days: Readonly<Record<SymbolTree, number>>;
  /** So many files are removed at a time; the next time goes on. */
  readonly most?: number;
  readonly signal?: AbortSignal;
}

const DAY_MS = 86_400_000;
const MOST_REMOVED = 50_000;
const PAGE = "symbol-expiry";

/**
 * Removes symbols that are too old and not in use, once a day; those that a crash in the index needs are kept. What a
 * stop or the bound cuts off goes on the next time. @returns how many files were removed
 */
export async function expireOldSymbols(
  parts: SymbolExpiryParts,
  { days, most = MOST_REMOVED, signal }: SymbolExpiryReach,
): Promise<number> {
  const { symbols, notebook, log, metrics, now } = parts;
  const done = await notebook.read(PAGE);
  let total = 0;
  for (const tree of ["try/v1", "fetched/v1", "v1"] as const) {
    if (days[tree] === 0 || now().getTime() - Number(done[tree] ?? 0) < DAY_MS) continue;
    const before = now().getTime() - days[tree] * DAY_MS;
    const counts = { removed: 0, bytes: 0, kept: 0 };
    const neededByCrashes = (ids: readonly string[]) => neededBy(ids, parts.engine);
    const enough = new AbortController();
    const stop = AbortSignal.any([enough.signal, ...(signal === undefined ? [] : [signal])]);
    // What was fetched can be fetched again.
    const keeps = tree === "fetched/v1" ? {} : { neededByCrashes };
    const expiry = { tree, before, ...keeps, signal: stop };
    for await (const { keptFor, bytes } of expireSymbols(symbols, expiry)) {
      if (keptFor !== undefined) counts.kept++;
      else {
        counts.removed++;
        counts.bytes += bytes;
      }
      if (total + counts.removed >= most) enough.abort();
    }
    if (counts.removed > 0) {
      log.info(
        { tree, files: counts.removed, bytes: counts.bytes, kept: counts.kept },
        "old symbols removed",
      );
      metrics.count("scheduler_expired_symbols_total", { tree }, counts.removed);
    }
    total += counts.removed;
    if (!stop.aborted) await notebook.write(PAGE, { [tree]: String(now().getTime()) });
  }
  const longest = Math.max(...Object.values(days));
  if (Object.values(days).every((one) => one > 0)) {
    await forgetUsed(symbols, now().getTime() - longest * DAY_MS);
  }
  return total;
}
