/** Walks the stacks of a minidump, where a hostile one can do no harm. */
export interface Walker {
  walk(request: WalkRequest): Promise<WalkOutcome>;
  close(): Promise<void>;
}

export interface WalkRequest {
  readonly dump: Uint8Array;
  /** The client's annotations; of use are `CPUMicrocodeVersion` and `ModuleSignatureInfo`. */
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export interface WalkOutcome {
  /** `OK`, or a word for what went wrong: the minidump reader's error name, `EmptyMinidump`, `Timeout`, `WalkerDied`. */
  readonly status: string;
  /** The walk in minidump-stackwalk's schema; undefined when there is none. */
  readonly jsonDump: Record<string, unknown> | undefined;
  /** What a reader of the crash should know. */
  readonly notes: readonly string[];
  /** How often symbols were asked for, by how they were come by. */
  readonly symbolEvents: Readonly<Record<string, number>>;
}
