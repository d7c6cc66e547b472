import { type CrashId, parseCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { parseSuperSearch, type SearchEngine } from "@mayday/search";

const PAGE = 1000;

/** The ids that one page of a search has. */
type Page = (offset: number) => Promise<readonly unknown[]>;

/** The crashes that a Super Search query finds, from the search index. Without dates it finds the last seven days'. */
export function idsByIndex(engine: Pick<SearchEngine, "search">, query: string): AsyncIterable<CrashId> {
  const parsed = parseSuperSearch(new URLSearchParams(query), { now: new Date() });
  const plan = { ...parsed, columns: ["uuid"], aggregations: [], limit: PAGE };
  return idsOf(async (offset) => (await engine.search({ ...plan, offset })).hits.map(({ uuid }) => uuid));
}

/**
 * The same from a webapp: while a pipeline runs, the index is its own.
 * @param webapp its address
 */
export function idsByWebapp(webapp: string, query: string): AsyncIterable<CrashId> {
  const params = new URLSearchParams(query);
  for (const name of ["_columns", "_facets", "_results_number", "_results_offset"]) params.delete(name);
  params.append("_columns", "uuid");
  params.append("_facets_size", "0");
  params.append("_results_number", String(PAGE));
  return idsOf(async (offset) => {
    params.set("_results_offset", String(offset));
    return hitsOf(new URL(`api/SuperSearch/?${params}`, webapp.replace(/\/*$/, "/")));
  });
}

async function* idsOf(page: Page): AsyncIterable<CrashId> {
  for (let offset = 0; ; offset += PAGE) {
    const found = await page(offset);
    for (const uuid of found) {
      const id = parseCrashId(String(uuid));
      if (id !== undefined) yield id;
    }
    if (found.length < PAGE) return;
  }
}

async function hitsOf(url: URL): Promise<readonly unknown[]> {
  const response = await fetch(url).catch((cause) => {
    throw new MaydayError("SEARCH_UNAVAILABLE", `${url.origin} does not answer`, { cause });
  });
  const answer = (await response.json().catch(() => undefined)) as
    | { hits?: readonly { uuid?: unknown }[]; error?: unknown }
    | undefined;
  if (response.ok && Array.isArray(answer?.hits)) return answer.hits.map(({ uuid }) => uuid);
  const code = response.status === 400 ? "SEARCH_BAD_PARAMETER" : "SEARCH_UNAVAILABLE";
  throw new MaydayError(code, `${url.origin} answers ${response.status} ${answer?.error ?? ""}`.trim());
}
