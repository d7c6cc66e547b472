import type { SavedSearch } from "@mayday/records";
import type { Asker } from "../asker.ts";
import type { WebappParts } from "../parts.ts";
import { address, replaced } from "./address.ts";
import type { Query } from "./ask.ts";

/** The longest name, characters, and the longest query string, bytes. */
export const LONGEST_NAME = 100;
const LONGEST_QUERY = 8192;
/** Of everybody's, so many are listed. */
export const MOST_SHARED = 50;

/** The saved searches that somebody sees. */
export interface SavedSearches {
  /** Undefined for who is not logged in. */
  readonly own: readonly SavedSearch[] | undefined;
  /** Of others, for everybody. */
  readonly shared: readonly SavedSearch[];
}

/** The saved searches of who asks, and what others share. A page does without them where the records do not answer. */
export async function savedSearches(
  { records, log }: Pick<WebappParts, "records" | "log">,
  { name, who }: Pick<Asker, "name" | "who">,
): Promise<SavedSearches | undefined> {
  const owner = name === undefined ? undefined : who;
  try {
    const [own, shared] = await Promise.all([
      owner === undefined ? undefined : records.searches.list(owner),
      records.searches.shared(MOST_SHARED, owner),
    ]);
    return { own, shared };
  } catch (error) {
    log.warn({ err: error }, "a page goes without saved searches");
    return undefined;
  }
}

/** A name as it is kept: without what breaks a line; undefined where there is nothing to see, or too much. */
export function nameOfSearch(text: string): string | undefined {
  const name = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(name) && [...name].length <= LONGEST_NAME ? name : undefined;
}

/** The query string under which a search is kept: it begins at its first page. Undefined where it is too long. */
export function queryToSave(parameters: Query): string | undefined {
  const query = address("", replaced(parameters, "_results_offset")).slice(1);
  return query.length <= LONGEST_QUERY ? query : undefined;
}
