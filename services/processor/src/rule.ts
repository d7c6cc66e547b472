import {
  type AnnotationName,
  type CrashId,
  type Dumps,
  isExactNumber,
  MaydayError,
  type ProcessedCrash,
} from "@mayday/crash";
import type { MakeSignature } from "@mayday/signature";
import type { Walker } from "./walker/walker.ts";

/** The raw crash as rules read it: the annotations of the table and what the collector added, with any values. */
export type RawFields = {
  [name in AnnotationName | "uuid" | "submitted_timestamp" | "version" | "metadata"]?: unknown;
};

type RawName = keyof RawFields;

/** What rules work on: each reads the report and writes into `processed`. */
export interface CrashInProcess {
  readonly crashId: CrashId;
  /** A copy of the raw crash that rules may clean up; what is stored never changes. */
  readonly raw: RawFields;
  readonly dumps: Dumps;
  readonly processed: ProcessedCrash;
  /** Told to who reads the crash. They are public: no values of annotations. */
  readonly notes: string[];
}

/** What rules may use. */
export interface RuleTools {
  readonly walker: Walker;
  readonly makeSignature: MakeSignature;
}

/**
 * One step of processing. A rule that throws leaves a note, and the rules behind it still run; but PROCESSING_INTERRUPTED
 * is nothing of the crash's: it ends the processing, and nothing is saved.
 */
export interface Rule {
  readonly name: string;
  act(crash: CrashInProcess, tools: RuleTools): void | Promise<void>;
}

/** Whether a stop, and no fault of the crash or of a rule, ended the work. */
export function isInterruption(error: unknown): boolean {
  return error instanceof MaydayError && error.code === "PROCESSING_INTERRUPTED";
}

/** An annotation as text; undefined when it is not there. */
export function text(raw: RawFields, name: RawName): string | undefined {
  const value = raw[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** An annotation as a whole number; undefined when it is not there or is none. Of a JSON number the fraction is left out. */
export function integer(raw: RawFields, name: RawName): number | undefined {
  const given = raw[name];
  if (typeof given === "number" || isExactNumber(given)) {
    const whole = Math.floor(Number(JSON.stringify(given)));
    return Number.isSafeInteger(whole) ? whole : undefined;
  }
  const value = text(raw, name)?.trim();
  return value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}
