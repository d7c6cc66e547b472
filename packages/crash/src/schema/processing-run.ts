/** Why a crash was processed: it had just come, someone asked for it, a bulk job did, symbols that it missed came. */
export type ProcessingReason = "live" | "by hand" | "bulk" | "symbols";

/** One time that a crash was processed. */
export interface ProcessingRun {
  /** What the rules had to say, a note a line. */
  readonly notes: string;
  readonly signature: string;
  /** When it ended: `YYYY-MM-DDTHH:MM:SS+00:00`. */
  readonly when: string;
  readonly why: ProcessingReason;
  readonly versions: {
    /** Of the processing rules. */
    readonly rules: string;
    /** Of the lists that steer signatures. */
    readonly lists: string;
  };
}
