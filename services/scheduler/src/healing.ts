import type { Logger, Metrics } from "@mayday/observability";
import {
  type BulkJob,
  type BulkJobs,
  type HealingJob,
  type JobPublisher,
  type Notebook,
  SYMBOLS_SETTLE_MS,
  type SymbolsArrivedJob,
} from "@mayday/queue";
import { isDebugId, missedBy, type SearchEngine } from "@mayday/search";

export interface HealingParts {
  readonly engine: Pick<SearchEngine, "search">;
  readonly bulk: Pick<BulkJobs, "create" | "get" | "effect">;
  /** Remembers what has come, and which bulk jobs heal what. */
  readonly notebook: Pick<Notebook, "read" | "write" | "forget">;
  /** Told of what becomes of the crashes. */
  readonly healings: Pick<JobPublisher<HealingJob>, "publish">;
  /** Asked whether symcaches are still to be built. */
  readonly symcaches: Pick<JobPublisher<unknown>, "counts">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/** Symbols that have come, as `<upload>/<debug file>/<debug id>`, each with when. */
const ARRIVED = "symbols-arrived";
/** Bulk jobs that are not over, each with its upload and what was told of it. */
const HEALING = "healing";

/** While symcaches are built, files of an upload may be among them: it waits so long after its last one, ms. */
const QUIET_MS = 30_000;
/** Files of an upload come one after the other for so long at most before a beginning is made with those there are, ms. */
const LONGEST_MS = 300_000;
const NO_UPLOAD = 0;

/** Remembers symbols that have come, so that those of one upload are looked at together. */
export async function noteArrival(
  { debugFile, debugId, uploadId = NO_UPLOAD }: SymbolsArrivedJob,
  { notebook, now }: Pick<HealingParts, "notebook" | "now">,
): Promise<void> {
  const id = debugId.toUpperCase();
  // No crash is said to have missed another one.
  if (!isDebugId(id)) return;
  await notebook.write(ARRIVED, { [`${uploadId}/${debugFile}/${id}`]: String(now().getTime()) });
}

/**
 * Has crashes processed again whose symbols have come: of each upload whose files seem to be there, the crashes that
 * missed any of them, each once. Then tells how far those of earlier uploads are.
 */
export async function heal(parts: HealingParts): Promise<void> {
  const arrived = Object.entries(await parts.notebook.read(ARRIVED));
  if (arrived.length > 0) {
    const isIdle = await isNothingBuilt(parts);
    for (const [uploadId, files] of Map.groupBy(arrived, ([name]) => Number(name.split("/")[0]))) {
      const times = files.map(([, at]) => Number(at));
      if (!isDue(times, isIdle, parts.now().getTime())) continue;
      await healUpload(
        uploadId,
        files.map(([name]) => name),
        parts,
      );
    }
  }
  await follow(parts);
}

async function isNothingBuilt({ symcaches }: HealingParts): Promise<boolean> {
  const { waiting = 0, active = 0, delayed = 0, prioritized = 0 } = await symcaches.counts();
  return waiting + active + delayed + prioritized === 0;
}

function isDue(times: readonly number[], isIdle: boolean, now: number): boolean {
  const sinceLast = now - Math.max(...times);
  const sinceFirst = now - Math.min(...times);
  return sinceLast >= (isIdle ? SYMBOLS_SETTLE_MS : QUIET_MS) || sinceFirst >= LONGEST_MS;
}

async function healUpload(uploadId: number, files: readonly string[], parts: HealingParts): Promise<void> {
  const { engine, bulk, notebook, healings, log, metrics, now } = parts;
  const debugIds = new Set(files.map((name) => name.slice(name.lastIndexOf("/") + 1)));
  const { crashIds, isCut } = await missedBy([...debugIds], engine);
  log.info({ uploadId, files: files.length, crashes: crashIds.length, isCut }, "symbols have come");
  metrics.count("scheduler_healing_total", {}, crashIds.length);
  if (crashIds.length > 0) {
    const what = uploadId === NO_UPLOAD ? "symbols that came" : `symbols of upload ${uploadId}`;
    const job = await bulk.create({ what, crashIds, why: "symbols", by: "mayday", start: true });
    await notebook.write(HEALING, { [job.id]: `${uploadId} -` });
  } else if (uploadId !== NO_UPLOAD) {
    const nobody = { asked: 0, healed: 0, changed: 0, isOver: true };
    await healings.publish({ uploadId, healing: `nobody-${now().getTime()}`, ...nobody });
  }
  await notebook.forget(ARRIVED, files);
}

/** Tells of each bulk job that heals what has changed since it was told last. */
async function follow({ bulk, notebook, healings }: HealingParts): Promise<void> {
  for (const [id, line] of Object.entries(await notebook.read(HEALING))) {
    const [upload, told] = line.split(" ");
    const uploadId = Number(upload);
    const job = await bulk.get(id);
    if (job === undefined) {
      await notebook.forget(HEALING, [id]);
      continue;
    }
    const facts = factsOf(job);
    const telling = Object.values(facts).join("-");
    if (uploadId !== NO_UPLOAD && telling !== told) {
      const effect = await bulk.effect(id);
      await healings.publish({ uploadId, healing: id, ...facts, ...(effect && { effect }) });
    }
    if (facts.isOver) await notebook.forget(HEALING, [id]);
    else if (telling !== told) await notebook.write(HEALING, { [id]: `${uploadId} ${telling}` });
  }
}

function factsOf({ total, done, failed, changed, state }: BulkJob) {
  return {
    asked: total,
    healed: done - failed,
    changed,
    isOver: state === "done" || state === "cancelled",
  };
}
