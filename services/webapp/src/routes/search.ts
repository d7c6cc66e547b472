import { findCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { DEEPEST_FACET } from "@mayday/search";
import type { FastifyInstance } from "fastify";
import { askerOf } from "../asker.ts";
import { address } from "../data/address.ts";
import { daysBefore, type Query } from "../data/ask.ts";
import { type SavedSearches, savedSearches } from "../data/saved-searches.ts";
import {
  defaultColumns,
  pageSizes,
  type SearchFound,
  type SearchQuery,
  searchCrashes,
  usableFields,
  usableParameters,
} from "../data/search.ts";
import { searchPage } from "../pages/search-page.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import { filterOfLine } from "../view/search-lines.ts";
import { csrfFor } from "./forms.ts";
import { toldOfSearch } from "./saved-searches.ts";
import { sendPage } from "./send-page.ts";

/** Adds the search, its lines as a form sends them, and the quick box of every page. */
export function addSearchRoutes(server: FastifyInstance, parts: WebappParts): void {
  server.get("/search/", async (request, reply) => {
    const given: Query = [...new URLSearchParams(splitUrl(request.url).query)];
    const asker = await askerOf(request, parts);
    const { viewer, name } = asker;
    const fields = usableFields(viewer);
    const parameters = usableParameters(given, fields);
    const query = queryOf(parameters, fields, parts.now());
    let status = 200;
    const finding = searchCrashes(parts, query, fields).catch((error): { problem: string } => {
      if (!(error instanceof MaydayError) || error.code !== "SEARCH_BAD_PARAMETER") throw error;
      status = 400;
      return { problem: error.detail ?? error.message };
    });
    const [found, saved]: [SearchFound | { problem: string }, SavedSearches | undefined] = await Promise.all([
      finding,
      savedSearches(parts, asker),
    ]);
    const mayReprocess = viewer.has("reprocess_crashes");
    const csrf = mayReprocess || name !== undefined ? csrfFor(reply) : undefined;
    const told = toldOfSearch(request);
    const view = { query, found, fields, parameters, csrf, mayReprocess, saved, told };
    return sendPage(reply, status, searchPage(view));
  });

  server.get("/search/lines/", (request, reply) => {
    const parameters = new URLSearchParams(splitUrl(request.url).query);
    const [fields, operators, values] = ["field", "operator", "value"].map((name) => parameters.getAll(name));
    const filters = (fields ?? []).flatMap((field, index) => {
      const filter = filterOfLine({ field, sign: operators?.[index] ?? "", value: values?.[index] ?? "" });
      return filter === undefined ? [] : [filter];
    });
    const others = [...parameters].filter(([name]) => name.startsWith("_") || name === "source");
    return reply.redirect(address("/search/", [...filters, ...others]), 302);
  });

  server.get("/search/quick/", (request, reply) => {
    const text = new URLSearchParams(splitUrl(request.url).query).get("query")?.trim() ?? "";
    const id = findCrashId(text);
    return reply.redirect(
      id === undefined
        ? address("/search/", [["signature", text === "" ? "" : `~${text}`]])
        : `/report/index/${id}`,
      302,
    );
  });
}

function queryOf(parameters: Query, fields: ReadonlyMap<string, unknown>, now: Date): SearchQuery {
  const all = (name: string) => parameters.filter(([other]) => other === name).map(([, value]) => value);
  const last = (name: string) => all(name).at(-1);
  const columns = all("_columns").filter((name) => fields.has(name));
  const size = pageSizes.find((one) => one === Number(last("_results_number"))) ?? pageSizes[0];
  const asked = Number(last("_results_offset") ?? "0");
  const offset = Number.isSafeInteger(asked) && asked >= 0 ? asked : 0;
  const named = last("_facets");
  const facet = named !== undefined && fields.has(named) ? named : undefined;
  // Pages of a signature say how many days they look back.
  const days = Number(last("days"));
  const dates = days > 0 && days <= 365 ? daysBefore(days, now) : [];
  return {
    filters: [...parameters.filter(([name]) => name === "source" || fields.has(name)), ...dates],
    columns: columns.length === 0 ? defaultColumns : columns,
    sort: last("_sort") ?? "-date",
    size,
    offset: facet === undefined ? offset : Math.min(offset, DEEPEST_FACET - size),
    facet,
  };
}
