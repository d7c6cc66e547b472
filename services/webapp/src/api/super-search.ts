import { parseSuperSearch } from "@mayday/search";
import { found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";
import { permittedHits, permittedParameters } from "./permitted-search.ts";

/** Searches crashes in Super Search's language. Values that make no sense throw SEARCH_BAD_PARAMETER. */
export const superSearch: Endpoint = {
  name: "SuperSearch",
  method: "GET",
  async answer({ params, viewer }, { engine, now }) {
    const plan = parseSuperSearch(permittedParameters(params, viewer), { now: now() });
    const result = await engine.search(plan);
    return found({ ...result, hits: permittedHits(result.hits, viewer) });
  },
};
