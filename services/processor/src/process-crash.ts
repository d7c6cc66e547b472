import type { CrashId, ProcessedCrash } from "@mayday/crash";
import type { Ruleset } from "@mayday/queue";
import type { StoredReport } from "@mayday/storage";
import { type CrashInProcess, isInterruption, type RuleTools } from "./rule.ts";
import { rulesets } from "./rulesets.ts";

/** The signature of a crash whose processing came to nothing. */
export const FAILED_SIGNATURE = "EMPTY: crash failed to process";

export interface ProcessingOptions {
  readonly ruleset: Ruleset;
  /** What an earlier processing made, if any. */
  readonly previous: ProcessedCrash | undefined;
  readonly tools: RuleTools;
  readonly now: () => Date;
  readonly onRuleFailure: (rule: string, error: unknown) => void;
}

/**
 * Makes a report into a processed crash. The default rules begin with nothing, so that no field of an earlier
 * processing outlives its reason; regenerating the signature begins with what is stored.
 * @throws {MaydayError} PROCESSING_INTERRUPTED
 */
export async function processCrash(
  crashId: CrashId,
  report: StoredReport,
  options: ProcessingOptions,
): Promise<ProcessedCrash> {
  const { previous, tools, now } = options;
  // There is no signature to make anew where nothing was made yet.
  const ruleset = previous === undefined ? "default" : options.ruleset;
  const started = now();
  const crash: CrashInProcess = {
    crashId,
    // Without a prototype no annotation can stand for what is not there.
    raw: Object.assign(Object.create(null), report.raw),
    dumps: report.dumps,
    processed: { ...(ruleset === "default" ? {} : previous), signature: FAILED_SIGNATURE },
    notes: [`>>> Start processing: ${seconds(started)}`],
  };
  for (const rule of rulesets[ruleset]) {
    try {
      await rule.act(crash, tools);
    } catch (error) {
      if (isInterruption(error)) throw error;
      options.onRuleFailure(rule.name, error);
      crash.notes.push(`ruleset '${ruleset}' rule '${rule.name}' failed: ${errorName(error)}`);
    }
  }
  return {
    ...crash.processed,
    success: crash.processed.signature !== FAILED_SIGNATURE,
    started_datetime: seconds(started),
    completed_datetime: seconds(now()),
    processor_notes: [...new Set(crash.notes)].join("\n"),
    processor_history: history(previous),
  };
}

/** The notes of earlier processings, newest first. */
function history(previous: ProcessedCrash | undefined): string[] {
  if (previous === undefined) return [];
  const earlier = Array.isArray(previous.processor_history) ? previous.processor_history : [];
  return [previous.processor_notes ?? "", ...earlier].slice(0, 50);
}

/** The error's class alone: notes are public, and messages may quote the report. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, "+00:00");
}
