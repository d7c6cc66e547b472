import { parseCrashId } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Notebook, Publisher } from "@mayday/queue";
import { DOCUMENT_VERSION, type SearchEngine } from "@mayday/search";

export interface ReindexingParts {
  readonly engine: Pick<SearchEngine, "outdated">;
  readonly publisher: Pick<Publisher, "republishIndexing" | "depths">;
  /** Remembers how far it came. */
  readonly notebook: Pick<Notebook, "read" | "write">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

const PAGE = "reindexing";
/** Crashes that are queued at a time. */
const AT_ONCE = 1000;
/** While more than these wait to be indexed, no others are queued: what crashed just now is not to wait. */
const MOST_WAITING = 500;
/** A round that came to its end is not begun anew for so long: what cannot be indexed is asked for again then, ms. */
const REST_MS = 6 * 3_600_000;

/**
 * Queues crashes whose document is of an earlier version, as many at a time as the indexer can take, from where the last
 * time ended. The engine tells which they are; no store is listed. @returns how many it queued
 */
export async function reindex(parts: ReindexingParts, signal?: AbortSignal): Promise<number> {
  const { engine, publisher, notebook, log, metrics, now } = parts;
  const noted = await notebook.read(PAGE);
  const isOfNow = Number(noted["version"]) === DOCUMENT_VERSION;
  const after = isOfNow ? (noted["after"] ?? "") : "";
  if (isOfNow && after === "" && now().getTime() - Number(noted["endedAt"] ?? 0) < REST_MS) return 0;
  const { waiting = 0, delayed = 0 } = (await publisher.depths())["indexing"] ?? {};
  if (waiting + delayed > MOST_WAITING) return 0;
  const ids = await engine.outdated(DOCUMENT_VERSION, after, AT_ONCE);
  let last = after;
  let count = 0;
  for (const id of ids) {
    if (signal?.aborted) break;
    const crashId = parseCrashId(id);
    if (crashId !== undefined) await publisher.republishIndexing(crashId);
    last = id;
    count++;
  }
  const isOver = count === ids.length && ids.length < AT_ONCE;
  await notebook.write(PAGE, {
    version: String(DOCUMENT_VERSION),
    after: isOver ? "" : last,
    endedAt: String(isOver ? now().getTime() : 0),
  });
  if (count > 0) {
    metrics.count("scheduler_repaired_total", { missing: "version" }, count);
    log.info(
      { crashes: count, version: DOCUMENT_VERSION, isOver },
      "queued crashes of an earlier index version",
    );
  }
  return count;
}
