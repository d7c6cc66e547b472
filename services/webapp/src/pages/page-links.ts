import type { SourceLinks } from "@mayday/symbols";

/** Where pages send their readers besides our own addresses. */
export interface PageLinks {
  /** Our own address, without a slash at the end; empty where nobody told it. */
  readonly home: string;
  readonly sources: SourceLinks;
  /** Where a bug is looked at: an address with `{bug}`. */
  readonly bug: string;
  /** Where a bug is filed, by product; `*` for all others. */
  readonly fileBug: ReadonlyMap<string, string>;
}

export const noLinks: PageLinks = { home: "", sources: new Map(), bug: "", fileBug: new Map() };
