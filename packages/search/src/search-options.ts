/** How a search is read. */
export interface SearchOptions {
  /** The end of the default date range, and what the retention counts from. */
  readonly now: Date;
  /** Older weeks are not searched; default 26. */
  readonly retentionWeeks?: number;
  /** The products a search may name; undefined for any. */
  readonly products?: ReadonlySet<string> | undefined;
  /**
   * Reads a search as Crash Stats does, its accidents included: negated operators of one field are joined by OR, dates are
   * cut to seconds, weeks are left out at their boundary, names that are no field are dropped. docs/search.md names each.
   */
  readonly parity?: boolean;
  /** Whether names of fields that are unknown are refused even in parity: as SuperSearchUnredacted does. */
  readonly isStrict?: boolean;
}
