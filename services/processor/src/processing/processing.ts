import type { CrashId, ProcessingReason, ProcessingRun } from "@mayday/crash";
import type { CrashEffect, MissingSymbolsJob, Ruleset } from "@mayday/queue";
import type { OpenDumps } from "../open-dumps.ts";

/** A report that is to be processed, as it is stored: what it says is read where it can do no harm. */
export interface ProcessingRequest {
  readonly crashId: CrashId;
  /** The raw crash's JSON. */
  readonly raw: string;
  /** Loads the dumps; whoever does owns them, and closes those that are files. */
  readonly dumps: () => Promise<OpenDumps>;
  /** The JSON of what an earlier processing made, if any. */
  readonly previous: string | undefined;
  readonly ruleset: Ruleset;
  readonly why: ProcessingReason;
  readonly versions: ProcessingRun["versions"];
}

export interface LoadedRequest extends Omit<ProcessingRequest, "dumps"> {
  readonly dumps: OpenDumps;
}

/** What processing made of a report, with the little of it that others are told. */
export interface ProcessingResult {
  /** The processed crash's JSON, compressed as it is stored. */
  readonly processed: Uint8Array;
  /** The search document's text. */
  readonly document: string;
  readonly signature: string;
  /** What the walk of the main dump came to. */
  readonly status: string | undefined;
  /** Modules whose symbols a walk missed for the first time. */
  readonly missed: MissingSymbolsJob | undefined;
  /** Whether the processing before gave another signature. */
  readonly isChanged: boolean;
  /** How it could be read before and now; undefined where it was not processed before. */
  readonly effect: CrashEffect | undefined;
  readonly ruleFailures: readonly { readonly rule: string; readonly error: string }[];
  /** How often symbols were asked for, by how they were come by. */
  readonly symbolEvents: Readonly<Record<string, number>>;
}

/** Makes reports into processed crashes. */
export interface Processing {
  /**
   * @throws {SyntaxError} where the raw crash is no JSON
   * @throws {MaydayError} PROCESSING_INTERRUPTED, PROCESSING_FAILED
   */
  process(request: ProcessingRequest): Promise<ProcessingResult>;
  close(): Promise<void>;
}
