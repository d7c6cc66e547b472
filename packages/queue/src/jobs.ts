import type { CrashId, ProcessingReason } from "@mayday/crash";
import type { BulkEffect } from "./bulk-effect.ts";

/** Which rules to run: all, or only the signature's on the stack that is stored. */
export type Ruleset = "default" | "regenerate_signature";

export interface CrashJob {
  readonly crashId: CrashId;
  readonly ruleset: Ruleset;
  /** Why it is processed; where absent, its queue tells. */
  readonly why?: ProcessingReason;
}

/** A batch of crash pings, as storage knows it. */
export interface PingsJob {
  /** `YYYYMMDD` */
  readonly day: string;
  readonly name: string;
}

export interface IndexingJob {
  readonly crashId: CrashId;
  /** What is to be indexed, as text; where absent, the processed crash as it is stored tells. */
  readonly document?: string;
}

/** A batch of processed pings to put into the search index. */
export interface PingsIndexingJob {
  readonly pings: PingsJob;
}

/** A symbol file of the store of which a symcache is to be built. */
export interface SymcacheJob {
  readonly debugFile: string;
  readonly debugId: string;
  readonly symbolFile: string;
  /** Whether it is one of a try build. */
  readonly isTry: boolean;
  /** Whether it was fetched from another symbol server, and lies apart. */
  readonly isFetched?: boolean;
  /** The upload that brought it; undefined where it is built anew. */
  readonly uploadId?: number;
}

/**
 * So long after symbols have come crashes that missed them are processed again, at the soonest, ms: files of one upload
 * come one after the other. A miss that is younger was noted when they were there already.
 */
export const SYMBOLS_SETTLE_MS = 5000;

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

/** What became of the crashes that missed symbols of an upload. */
export interface HealingJob {
  readonly uploadId: number;
  /** Of the bulk job: an upload whose files become ready at different times may have several. */
  readonly healing: string;
  /** Crashes that were asked to be processed again. */
  readonly asked: number;
  /** Of those: processed by now, and with another signature than before. */
  readonly healed: number;
  readonly changed: number;
  /** Whether no more of them will be processed. */
  readonly isOver: boolean;
  /** How they could be read before and after; absent while it is not known. */
  readonly effect?: BulkEffect;
}
