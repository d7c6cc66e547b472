import { type CrashId, newCrashId } from "@mayday/crash";
import { type SearchDocument, searchDocument } from "../document.ts";
import type { SearchEngine, SearchResult } from "../engine.ts";
import { parseSuperSearch } from "../super-search.ts";

/** The present of the suite: the default date range ends here. */
export const now = new Date("2026-08-20T12:00:00Z");
/** The date of crashes that have no other: within the default range. */
export const recent = "2026-08-19T10:00:00.000000+00:00";

let serial = 0;

/** An id of a crash collected that day, another one each time. */
export function anId(day: Date = now): CrashId {
  serial += 1;
  return newCrashId(`${serial.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`, day, 0);
}

export const crash = (fields: Readonly<Record<string, unknown>> = {}): SearchDocument =>
  searchDocument({ uuid: anId(), date_processed: recent, ...fields });

/** What a search says of a week that it was to look at and that the index does not hold. */
export const missing = (week: string) => ({ type: "missing_index", index: `socorro${week}` });

/** The index under test, and short ways to ask it in the search language. */
export interface OpenIndex {
  /** The engine of the test that runs. */
  readonly engine: SearchEngine;
  search(query: string): Promise<SearchResult>;
  /** The signatures a query finds, in the order of the hits. */
  signatures(query: string): Promise<unknown[]>;
  /** The signatures a query finds, in the order of their code units. */
  found(query: string): Promise<unknown[]>;
  facets(query: string): Promise<SearchResult["facets"]>;
}

export function openIndex(engine: () => SearchEngine): OpenIndex {
  const search = (query: string): Promise<SearchResult> =>
    engine().search(parseSuperSearch(new URLSearchParams(query), { now, retentionWeeks: 60 }));
  const signatures = async (query: string): Promise<unknown[]> =>
    (await search(`_columns=signature&${query}`)).hits.map(({ signature }) => signature);
  return {
    get engine() {
      return engine();
    },
    search,
    signatures,
    found: async (query) => (await signatures(query)).sort(),
    facets: async (query) => (await search(query)).facets,
  };
}
