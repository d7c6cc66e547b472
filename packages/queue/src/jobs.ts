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

/** A symbol file of the store of which a symcache is to be built. */
export interface SymcacheJob {
  readonly debugFile: string;
  readonly debugId: string;
  readonly symbolFile: string;
  /** Whether it is one of a try build. */
  readonly isTry: boolean;
  /** The upload that brought it; undefined where it is built anew. */
  readonly uploadId?: number;
}

/** Symbols that have come and are ready: crashes that missed them can be processed again. */
export interface SymbolsArrivedJob {
  readonly debugFile: string;
  readonly debugId: string;
  /** Empty where the symbols do not tell. */
  readonly codeFile: string;
  readonly codeId: string;
  /** The upload that brought them. */
  readonly uploadId?: number;
}

/** Modules of which a walk found no symbols. */
export interface MissingSymbolsJob {
  /** Of the crash; empty where it is not known. */
  readonly product: string;
  readonly modules: readonly {
    readonly debugFile: string;
    readonly debugId: string;
    readonly codeFile: string;
    readonly codeId: string;
  }[];
}
