import type { Logger, Metrics } from "@mayday/observability";
import type { JobPublisher, Notebook, SymcacheJob } from "@mayday/queue";
import type { Records, UploadRecord } from "@mayday/records";

export interface SymcachesParts {
  readonly uploads: Pick<Records["uploads"], "waiting" | "giveUp">;
  readonly symcaches: Pick<JobPublisher<SymcacheJob>, "publish" | "counts">;
  /** Remembers how often an upload was asked for. */
  readonly notebook: Pick<Notebook, "read" | "write" | "forget">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

const PAGE = "symcaches";
/** A younger upload may be under way, ms. */
const GRACE_MS = 600_000;
const UPLOADS_AT_ONCE = 100;
/** A file that ended its builder so often would end it again. */
const MOST_TIMES = 3;

/**
 * Asks again for symcaches that uploads wait for and no job is left of: their queue was lost. While jobs are there nothing
 * is asked, since they may be these. @returns how many files were asked for
 */
export async function askForSymcaches(parts: SymcachesParts, signal?: AbortSignal): Promise<number> {
  const { uploads, symcaches, notebook, log, metrics, now } = parts;
  const waiting = await uploads.waiting(new Date(now().getTime() - GRACE_MS), UPLOADS_AT_ONCE);
  const asked = await notebook.read(PAGE);
  const ids = new Set(waiting.map(({ id }) => id));
  await notebook.forget(
    PAGE,
    Object.keys(asked).filter((id) => !ids.has(id)),
  );
  if (waiting.length === 0 || isBusy(await symcaches.counts())) return 0;
  let count = 0;
  for (const upload of waiting) {
    if (signal?.aborted) break;
    const times = Number(asked[upload.id] ?? 0);
    if (times >= MOST_TIMES) {
      await uploads.giveUp(upload.id);
      log.error({ upload: upload.id, times }, "symcaches of an upload cannot be built");
      continue;
    }
    for (const job of jobsOf(upload)) {
      await symcaches.publish(job);
      count++;
    }
    await notebook.write(PAGE, { [upload.id]: String(times + 1) });
  }
  if (count > 0) {
    metrics.count("scheduler_repaired_total", { missing: "symcache" }, count);
    log.warn({ files: count, uploads: waiting.length }, "asked again for symcaches");
  }
  return count;
}

const isBusy = (counts: Readonly<Record<string, number>>): boolean =>
  ["waiting", "active", "delayed", "prioritized", "paused"].some((state) => (counts[state] ?? 0) > 0);

function jobsOf({ id, detail }: UploadRecord): SymcacheJob[] {
  return (detail.waiting ?? []).flatMap((key) => {
    const [debugFile, debugId, symbolFile, more] = key.split("/");
    if (debugFile === undefined || debugId === undefined || symbolFile === undefined || more !== undefined)
      return [];
    return [{ debugFile, debugId, symbolFile, isTry: detail.isTry, uploadId: Number(id) }];
  });
}
