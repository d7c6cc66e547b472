import { parseSuperSearch } from "@mayday/search";
import type { FastifyInstance } from "fastify";
import { crashColumns } from "../pages/crash-table.ts";
import { messagePage } from "../pages/message-page.ts";
import { signatureFacets, signaturePage } from "../pages/signature-page.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import { daysAgo } from "./days-ago.ts";
import { sendPage } from "./send-page.ts";

const DAYS = 28;

/** Adds the page of a signature's crashes: `/signature/?signature=`. */
export function addSignatureRoute(server: FastifyInstance, { engine, now }: WebappParts): void {
  server.get("/signature/", async (request, reply) => {
    const signature = new URLSearchParams(splitUrl(request.url).query).get("signature") ?? "";
    if (signature === "") {
      const says = "The address names no signature: /signature/?signature=…";
      return sendPage(reply, 400, messagePage({ title: "Which signature?", says }));
    }
    const time = now();
    const plan = parseSuperSearch(
      [
        ["signature", `=${signature}`],
        ["date", daysAgo(DAYS, time)],
        ...crashColumns.map((name): [string, string] => ["_columns", name]),
        ...signatureFacets.map((name): [string, string] => ["_facets", name]),
        ["_facets_size", "8"],
        ["_sort", "-date"],
        ["_results_number", "50"],
      ],
      { now: time },
    );
    const result = await engine.search(plan);
    return sendPage(reply, 200, signaturePage({ signature, days: DAYS, result }));
  });
}
