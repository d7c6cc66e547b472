import type { CrashData } from "@mayday/signature";

/** A crash to make signatures of. */
export interface NamedCrash {
  /** The crash id, or where in a file it is. */
  readonly name: string;
  readonly crash: CrashData;
}

/** Where the crashes of a comparison come from. */
export interface CrashSource {
  readonly crashes: AsyncIterable<NamedCrash>;
  /** How many there are, where that is known beforehand. */
  readonly total?: number;
  /** Crashes that were passed over so far: nothing readable is stored of them. */
  readonly skipped: () => number;
}
