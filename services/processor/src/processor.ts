import { collectionDay, type ProcessingReason, type ProcessingRun, SCHEMA_VERSION } from "@mayday/crash";
import { errorLine, MaydayError } from "@mayday/errors";
import type { Logger, Metrics, ToldSpan, Traces } from "@mayday/observability";
import {
  type Attempt,
  type BulkJobs,
  type BulkOutcome,
  type CrashEffect,
  type CrashJob,
  type CrashQueueName,
  failureKind,
  type JobPublisher,
  type MissingSymbolsJob,
  type Publisher,
} from "@mayday/queue";
import type { CrashStorage, Room } from "@mayday/storage";
import { FAILED_SIGNATURE, historyWith } from "./process-crash.ts";
import type { Processing, ProcessingResult } from "./processing/processing.ts";

export interface ProcessorParts {
  readonly storage: CrashStorage;
  /** Where dumps that are too large for memory go meanwhile. */
  readonly dumpRoom: Room;
  readonly publisher: Pick<Publisher, "publishIndexing">;
  /** Told of crashes that bulk jobs wait for. */
  readonly bulk: Pick<BulkJobs, "finished">;
  /** Told of modules that a walk found no symbols of. */
  readonly missing: Pick<JobPublisher<MissingSymbolsJob>, "publish">;
  readonly processing: Pick<Processing, "process">;
  /** Of rules and lists, as documents have them. */
  readonly versions: ProcessingRun["versions"];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly traces?: Pick<Traces, "tell">;
  readonly now: () => Date;
}

/**
 * Handles one job: load, process, save, ask for indexing. What fails is thrown, for the queue to try again; where that
 * was the last time, a processed crash that says so is saved first, so that nobody waits for ever.
 */
export async function handleCrash(
  queue: CrashQueueName,
  job: CrashJob,
  attempt: Attempt,
  parts: ProcessorParts,
): Promise<void> {
  const { metrics } = parts;
  const log = parts.log.child({ crashId: job.crashId });
  const started = performance.now();
  const from = Date.now();
  const told = (more: Partial<Pick<ToldSpan, "attributes" | "error">>) =>
    parts.traces?.tell({ name: "process", crashId: job.crashId, from, to: Date.now(), ...more });
  try {
    const processed = await processStored(queue, job, parts, log);
    if (processed === undefined) {
      // Jobs outlive their crashes: retention or a person removed it.
      metrics.count("processor_crashes_total", { queue, outcome: "not_found" });
      log.warn("no such crash is stored");
    } else {
      const ms = performance.now() - started;
      metrics.count("processor_crashes_total", { queue, outcome: "processed" });
      metrics.observe("processor_crash_seconds", {}, ms / 1000);
      log.info({ ms: Math.round(ms), signature: processed.signature, status: processed.status }, "processed");
    }
    told({ attributes: { queue, attempt: attempt.number, isFound: processed !== undefined } });
    await tellBulkJobs(queue, job, processed?.isChanged ? "changed" : "processed", parts, processed?.effect);
  } catch (error) {
    const kind = failureKind(error);
    told({ attributes: { queue, attempt: attempt.number }, error: errorName(error) });
    log.error({ err: error, attempt: attempt.number, kind }, "could not process");
    if (kind === "never" || (kind === "retry" && attempt.isLast)) await setAside(queue, job, error, parts);
    throw error;
  }
}

async function processStored(
  queue: CrashQueueName,
  { crashId, ruleset, why = whyIn(queue) }: CrashJob,
  { storage, dumpRoom, publisher, missing, processing, versions, metrics }: ProcessorParts,
  log: Logger,
): Promise<ProcessingResult | undefined> {
  const raw = await storage.loadRawCrashText(crashId);
  if (raw === undefined) return undefined;
  const previous = await storage.loadProcessedText(crashId);
  const dumps = () => storage.openDumps(crashId, dumpRoom);
  const result = await processing.process({ crashId, raw, dumps, previous, ruleset, why, versions });
  for (const { rule, error } of result.ruleFailures) {
    metrics.count("processor_rule_failures_total", { rule });
    log.error({ rule, reason: error }, "rule failed");
  }
  for (const [outcome, amount] of Object.entries(result.symbolEvents))
    metrics.count("processor_symbol_files_total", { outcome }, amount);
  await storage.saveProcessedBytes(crashId, result.processed);
  await publisher.publishIndexing(crashId, result.document);
  // What is not told is a number too small; the crash itself says what it missed.
  if (result.missed !== undefined) {
    await missing
      .publish(result.missed)
      .catch((error) => log.warn({ err: error }, "could not tell what it missed"));
  }
  return result;
}

/** A message may quote the report. */
const errorName = (error: unknown): string =>
  error instanceof MaydayError ? error.code : ((error as Error)?.name ?? "Error");

const whyIn = (queue: CrashQueueName): ProcessingReason => (queue === "standard" ? "live" : "by hand");

/** Jobs of other queues are nobody's that waits for many. */
async function tellBulkJobs(
  queue: CrashQueueName,
  { crashId, ruleset }: CrashJob,
  outcome: BulkOutcome,
  { bulk }: ProcessorParts,
  effect?: CrashEffect,
): Promise<void> {
  if (queue === "reprocessing") await bulk.finished(crashId, ruleset, outcome, effect);
}

/** Leaves a processed crash that says that there is none. A crash that was processed before keeps what it has. */
export async function setAside(
  queue: CrashQueueName,
  job: CrashJob,
  error: unknown,
  parts: ProcessorParts,
): Promise<void> {
  const { storage, publisher, metrics, versions, log, now } = parts;
  const { crashId, why = whyIn(queue) } = job;
  metrics.count("processor_crashes_total", { queue, outcome: "failed" });
  log.error({ crashId, reason: errorLine(error) }, "set aside");
  await tellBulkJobs(queue, job, "failed", parts);
  if (await storage.hasProcessed(crashId)) return;
  const time = now().toISOString();
  const day = collectionDay(crashId);
  // Notes are public: the code alone, since a message may quote the report.
  const notes = `processing failed: ${errorName(error)}`;
  const run = { notes, signature: FAILED_SIGNATURE, when: time, why, versions };
  await storage.saveProcessed(crashId, {
    uuid: crashId,
    crash_id: crashId,
    schema_version: SCHEMA_VERSION,
    signature: FAILED_SIGNATURE,
    success: false,
    date_processed: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00.000000+00:00`,
    completed_datetime: time,
    processor_notes: notes,
    ...historyWith(run, undefined),
  });
  await publisher.publishIndexing(crashId);
}
