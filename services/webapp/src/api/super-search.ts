import { parseSuperSearch, type QueryPlan } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { found, permissionNeeded } from "./answers.ts";
import type { Answer, Endpoint } from "./endpoint.ts";
import { permittedHits, permittedParameters } from "./permitted-search.ts";
import { searchParameters } from "./search-parameters.ts";

const singles = new Set(["_results_number", "_results_offset", "_facets_size", "_facets_offset"]);

/** Searches crashes in Super Search's language. Values that make no sense throw SEARCH_BAD_PARAMETER. */
export const superSearch: Endpoint = {
  name: "SuperSearch",
  says: "Searches crashes; what is protected is left out.",
  example: "_results_number=10&pretty=print",
  method: "GET",
  parameters: searchParameters,
  maxAge: 300,
  showsProtected: true,
  singles,
  async answer({ params, viewer }, parts) {
    const plan = planOf(permittedParameters(params, viewer), parts, false);
    if (isPlanAsked(params)) return planAnswer(plan);
    const result = await parts.engine.search(plan);
    return found({ ...result, hits: permittedHits(result.hits, viewer) });
  },
};

/** The same for viewers who may see what is protected: nothing is left out, and names that are no field are refused. */
export const superSearchUnredacted: Endpoint = {
  name: "SuperSearchUnredacted",
  says: "The same with what is protected; needs view_pii.",
  method: "GET",
  parameters: searchParameters,
  maxAge: 300,
  showsProtected: true,
  singles,
  async answer({ params, viewer }, parts) {
    if (!viewer.has("view_pii")) return permissionNeeded("view_pii");
    const plan = planOf(params, parts, true);
    return isPlanAsked(params) ? planAnswer(plan) : found(await parts.engine.search(plan));
  },
};

const planOf = (
  params: Iterable<readonly [string, string]>,
  { now, search }: WebappParts,
  isStrict: boolean,
): QueryPlan => parseSuperSearch(params, { ...search, now: now(), isStrict });

/** Whether the search is to be shown as it was understood, and not made. */
const isPlanAsked = (params: URLSearchParams): boolean =>
  /^(?:true|t|1|y|yes)$/i.test(params.getAll("_return_query").at(-1) ?? "");

const planAnswer = (plan: QueryPlan): Answer =>
  found({ query: plan, indices: (plan.weeks ?? []).map((week) => `socorro${week}`) });
