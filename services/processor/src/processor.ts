import {
  type CrashId,
  collectionDay,
  MaydayError,
  type ProcessedCrash,
  type ProcessingRun,
  parseExactJson,
} from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Attempt, CrashJob, CrashQueueName, Publisher } from "@mayday/queue";
import type { CrashStorage } from "@mayday/storage";
import { FAILED_SIGNATURE, processCrash } from "./process-crash.ts";
import { isInterruption, type RuleTools } from "./rule.ts";

export interface ProcessorParts {
  readonly storage: CrashStorage;
  readonly publisher: Publisher;
  readonly tools: RuleTools;
  /** Of rules and lists, as documents have them. */
  readonly versions: ProcessingRun["versions"];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/**
 * Handles one job: load, process, save, ask for indexing. What fails is tried again; when the last attempt fails
 * too a processed crash that says so is saved, so that nobody waits for ever.
 */
export async function handleCrash(
  queue: CrashQueueName,
  { crashId, ruleset }: CrashJob,
  attempt: Attempt,
  parts: ProcessorParts,
): Promise<void> {
  const { storage, metrics } = parts;
  const log = parts.log.child({ crashId });
  const started = performance.now();
  try {
    const report = await storage.loadReport(crashId);
    if (report === undefined) {
      // Jobs outlive their crashes: retention or a person removed it.
      metrics.count("processor_crashes_total", { queue, outcome: "not_found" });
      log.warn("no such crash is stored");
      return;
    }
    const previous = await storage.loadProcessedText(crashId);
    const processed = await processCrash(crashId, report, {
      ruleset,
      why: queue === "standard" ? "live" : "by hand",
      versions: parts.versions,
      previous: previous === undefined ? undefined : (parseExactJson(previous) as ProcessedCrash),
      tools: parts.tools,
      now: parts.now,
      onRuleFailure: (rule, error) => {
        metrics.count("processor_rule_failures_total", { rule });
        log.error({ rule, err: error }, "rule failed");
      },
    });
    await storage.saveProcessed(crashId, processed);
    await parts.publisher.publishIndexing(crashId);
    const ms = performance.now() - started;
    metrics.count("processor_crashes_total", { queue, outcome: "processed" });
    metrics.observe("processor_crash_seconds", {}, ms / 1000);
    log.info(
      { ms: Math.round(ms), signature: processed.signature, status: processed.mdsw_status_string },
      "processed",
    );
  } catch (error) {
    log.error({ err: error, attempt: attempt.number }, "could not process");
    if (!attempt.isLast || isInterruption(error)) throw error;
    metrics.count("processor_crashes_total", { queue, outcome: "failed" });
    await saveFailure(crashId, error, parts);
  }
}

async function saveFailure(crashId: CrashId, error: unknown, { storage, publisher, now }: ProcessorParts) {
  // A crash that was processed before keeps what it has.
  if (await storage.hasProcessed(crashId)) throw error;
  const time = now().toISOString();
  const day = collectionDay(crashId);
  await storage.saveProcessed(crashId, {
    uuid: crashId,
    crash_id: crashId,
    signature: FAILED_SIGNATURE,
    success: false,
    date_processed: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00.000000+00:00`,
    completed_datetime: time,
    processor_notes: `processing failed: ${error instanceof MaydayError ? error.code : (error as Error)?.name}`,
    processor_history: [],
  });
  await publisher.publishIndexing(crashId);
}
