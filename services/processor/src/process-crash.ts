import {
  type CrashId,
  type ProcessedCrash,
  type ProcessedFieldName,
  type ProcessingReason,
  type ProcessingRun,
  type RawCrash,
  SCHEMA_VERSION,
} from "@mayday/crash";
import type { Ruleset } from "@mayday/queue";
import { type CrashInProcess, isInterruption, type Rule, type RuleTools } from "./rule.ts";
import { rulesets } from "./rulesets.ts";

/** The signature of a crash whose processing came to nothing. */
export const FAILED_SIGNATURE = "EMPTY: crash failed to process";

/** Fields that no rule makes, or that are there before the first and set after the last one. */
export const madeByPipeline = [
  "signature",
  "success",
  "schema_version",
  "started_datetime",
  "completed_datetime",
  "processor_notes",
  "processor_history",
  "processing_history",
] as const satisfies readonly ProcessedFieldName[];

type PipelineFields = Required<Pick<ProcessedCrash, (typeof madeByPipeline)[number]>>;

/** Processings that are remembered with a crash. */
const MOST_REMEMBERED = 50;

export interface ProcessingOptions {
  readonly ruleset: Ruleset;
  readonly why: ProcessingReason;
  readonly versions: ProcessingRun["versions"];
  /** What an earlier processing made, if any. */
  readonly previous: ProcessedCrash | undefined;
  /** Other rules than the ruleset's. */
  readonly rules?: readonly Rule[];
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
  report: Pick<CrashInProcess, "dumps"> & { readonly raw: RawCrash },
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
  for (const rule of options.rules ?? rulesets[ruleset]) {
    try {
      await rule.act(crash, tools);
    } catch (error) {
      if (isInterruption(error)) throw error;
      options.onRuleFailure(rule.name, error);
      crash.notes.push(`ruleset '${ruleset}' rule '${rule.name}' failed: ${errorName(error)}`);
    }
  }
  const completed = seconds(now());
  const notes = crash.notes.join("\n");
  const signature = crash.processed.signature ?? FAILED_SIGNATURE;
  const run = { notes, signature, when: completed, why: options.why, versions: options.versions };
  const own: PipelineFields = {
    signature,
    schema_version: SCHEMA_VERSION,
    success: signature !== FAILED_SIGNATURE,
    started_datetime: seconds(started),
    completed_datetime: completed,
    processor_notes: notes,
    ...historyWith(run, previous),
  };
  return { ...crash.processed, ...own };
}

type History = Required<Pick<ProcessedCrash, "processor_history" | "processing_history">>;

/** What is remembered of processings, the newest first: Socorro's list of earlier notes, and ours with this run. */
export function historyWith(run: ProcessingRun, previous: ProcessedCrash | undefined): History {
  const {
    processor_notes: notes,
    processor_history: earlierNotes,
    processing_history: runs,
  } = previous ?? {};
  return {
    processor_history: [...(notes ? [notes] : []), ...listOf<string>(earlierNotes)].slice(0, MOST_REMEMBERED),
    processing_history: [run, ...listOf<ProcessingRun>(runs)].slice(0, MOST_REMEMBERED),
  };
}

function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

/** The error's class alone: notes are public, and messages may quote the report. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, "+00:00");
}
