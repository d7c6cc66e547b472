import type { SubmittedAnnotations } from "@mayday/crash";
import type { OpenObject } from "@mayday/storage";

/** Which walker walked, as documents have it. */
export const STACKWALK_VERSION = "mayday stackwalk 1";

/** Walks the stacks of a minidump, where a hostile one can do no harm. */
export interface Walker {
  /** How long one crash may take to walk, ms. */
  readonly limitMs: number;
  walk(request: WalkRequest): Promise<WalkOutcome>;
}

export interface WalkRequest {
  /** Under which the client sent it. */
  readonly name?: string;
  readonly dump: OpenObject;
  /** The client's annotations; of use are `CPUMicrocodeVersion` and `ModuleSignatureInfo`. */
  readonly annotations?: Readonly<SubmittedAnnotations>;
  /** How much of the crash's time is left, ms. */
  readonly limitMs?: number;
  /** Symbols that were missed before, ms since 1970, are asked for again. */
  readonly missesSince?: number;
}

export interface WalkOutcome {
  /** 0 where the walk came to its end; as processes end, negative where it was killed. */
  readonly returnCode: number;
  /**
   * What the walker logged. Where it failed, the first line is `ERROR` and a word for what went wrong: the minidump
   * reader's error name, `Timeout`, `WalkerDied`.
   */
  readonly log: string;
  /** The walk in minidump-stackwalk's schema, whatever a walker of another make printed; undefined when there is none. */
  readonly jsonDump: unknown;
  /** What a reader of the crash should know. */
  readonly notes: readonly string[];
  /** How often symbols were asked for, by how they were come by. */
  readonly symbolEvents: Readonly<Record<string, number>>;
}

/** The outcome of a walk that came to nothing. */
export function failedWalk(name: string, why: string, returnCode = 1): WalkOutcome {
  return {
    returnCode,
    log: `ERROR ${name} - ${why}\n`,
    jsonDump: undefined,
    notes: [why],
    symbolEvents: {},
  };
}
