import type { CrashId, ProcessingReason } from "@mayday/crash";

/** Which rules to run: all, or only the signature's on the stack that is stored. */
export type Ruleset = "default" | "regenerate_signature";

export interface CrashJob {
  readonly crashId: CrashId;
  readonly ruleset: Ruleset;
  /** Why it is processed; where absent, its queue tells. */
  readonly why?: ProcessingReason;
}

export interface IndexingJob {
  readonly crashId: CrashId;
}
