import type { FastifyInstance } from "fastify";
import { address, lastOf } from "../data/address.ts";
import { productsSeen, versionsSeen } from "../data/product-versions.ts";
import { sourceIn, type TopCrashers, type TopCrashersQuery, topCrashers } from "../data/top-crashers.ts";
import { messagePage } from "../pages/message-page.ts";
import { sizes, spans, topCrashersPage } from "../pages/top-crashers-page.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import { featured } from "../view/versions.ts";
import { sendPage } from "./send-page.ts";

/** Adds the page of top crashers, its address as Crash Stats has it: `/topcrashers/?product=&version=&days=`. */
export function addTopCrashersRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/topcrashers/", async (request, reply) => {
    const parameters = [...new URLSearchParams(splitUrl(request.url).query)];
    const source = sourceIn(parameters);
    const named = lastOf(parameters, "product");
    const seen = named === undefined ? await productsSeen(parts, source) : undefined;
    const product = named ?? seen?.map(({ term }) => String(term))[0];
    if (product === undefined) {
      const says = "There are no crashes yet. The start page tells how to send one.";
      return sendPage(reply, 200, messagePage({ title: "No top crashers", says }));
    }
    const versions = parameters
      .filter(([name, value]) => name === "version" && value !== "any")
      .map(([, value]) => value);
    const asksForAll = parameters.some(([name, value]) => name === "version" && value === "any");
    if (versions.length === 0 && !asksForAll) {
      const [newest] = featured(await versionsSeen(parts, product, source));
      if (newest !== undefined) {
        const others = parameters.filter(([name]) => name !== "product");
        return reply.redirect(
          address("/topcrashers/", [["product", product], ["version", newest.version], ...others]),
          302,
        );
      }
    }
    const query: TopCrashersQuery = {
      product,
      versions,
      days: oneOf(spans, lastOf(parameters, "days"), 7),
      processType: lastOf(parameters, "process_type") ?? "any",
      platform: lastOf(parameters, "platform") ?? "any",
      reportType: lastOf(parameters, "_report_type") ?? "any",
      source,
      order: lastOf(parameters, "order") === "rate" ? "rate" : "count",
      size: oneOf(sizes, lastOf(parameters, "_facets_size"), 50),
    };
    const [found, others] = await Promise.all([
      topCrashers(parts, query),
      seen ?? productsSeen(parts, source),
    ]);
    const products = others.map(({ term }) => String(term));
    if (lastOf(parameters, "format") === "csv") {
      return reply
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="topcrashers.csv"`)
        .send(csvOf(found));
    }
    return sendPage(reply, 200, topCrashersPage({ query, found, products, parameters, links: parts.links }));
  });
}

function oneOf(allowed: readonly number[], text: string | undefined, otherwise: number): number {
  return allowed.find((value) => String(value) === text) ?? otherwise;
}

function csvOf({ listed }: TopCrashers): string {
  const rows = listed.map(({ rank, signature, count, weighted, rate, share, installs, startup, change }) => [
    rank,
    signature,
    count,
    weighted,
    rate?.rate.toPrecision(4) ?? "",
    rate?.low.toPrecision(4) ?? "",
    rate?.high.toPrecision(4) ?? "",
    share.toFixed(4),
    installs,
    startup.toFixed(3),
    change?.says ?? "",
  ]);
  const head = [
    "rank",
    "signature",
    "crashes",
    "stand for",
    "per 1,000 hours",
    "at least",
    "at most",
    "share",
    "installs",
    "startup share",
    "against the version before",
  ];
  return [head, ...rows]
    .map((row) => row.map(csvCell).join(","))
    .join("\r\n")
    .concat("\r\n");
}

/** A cell that no spreadsheet takes for a formula. */
function csvCell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
