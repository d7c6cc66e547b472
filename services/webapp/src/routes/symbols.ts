import { termsOf } from "@mayday/search";
import type { FastifyInstance } from "fastify";
import { ask, daysBefore } from "../data/ask.ts";
import { symbolsPage } from "../pages/symbols-page.ts";
import type { WebappParts } from "../parts.ts";
import { sendPage } from "./send-page.ts";

const DAYS = 28;

/** Adds the page of missing symbols, the modules of most crashes first. */
export function addSymbolsRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/symbols/", async (_request, reply) => {
    const query = [
      ["_facets", "missing_symbols"],
      ["_facets_size", "100"],
      ["_results_number", "0"],
    ] as const;
    const found = await ask(parts, [...query, ...daysBefore(DAYS, parts.now())]);
    const missing = termsOf(found, "missing_symbols");
    return sendPage(reply, 200, symbolsPage({ days: DAYS, missing, total: found.total }));
  });
}
