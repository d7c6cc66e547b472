import type { FastifyInstance } from "fastify";
import { askerOf, noteLook } from "../asker.ts";
import { lastOf } from "../data/address.ts";
import { type Query, valueAsked } from "../data/ask.ts";
import { correlatedFields, correlationScopes, correlations } from "../data/correlations.ts";
import { createMemory } from "../data/remember.ts";
import { usableFields } from "../data/search.ts";
import { sourceIn } from "../data/top-crashers.ts";
import { correlationsPage } from "../pages/correlations-page.ts";
import { messagePage } from "../pages/message-page.ts";
import { spans } from "../pages/signature-page.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import { sendPage } from "./send-page.ts";

/** How long correlations are told as they were worked out, ms. */
const LIFE_MS = 3600_000;
const LONGEST_SIGNATURE = 10_000;

/**
 * Adds what the crashes of a signature share, under Crash Stats' address: `/signature/correlations/?signature=` with the
 * filters of the signature's page; `product` and `release_channel` (or `channel`) choose what they are held against.
 */
export function addCorrelationsRoute(server: FastifyInstance, parts: WebappParts): void {
  const { computed: kept, log, now } = parts;
  const memory = createMemory({ kept, log, now });
  server.get("/signature/correlations/", async (request, reply) => {
    const given: Query = [...new URLSearchParams(splitUrl(request.url).query)];
    const signature = lastOf(given, "signature") ?? "";
    if (signature === "" || signature.length > LONGEST_SIGNATURE) {
      const says = "The address names no signature: /signature/correlations/?signature=…";
      return sendPage(reply, 400, messagePage({ title: "Which signature?", says }));
    }
    const asker = await askerOf(request, parts);
    const names = usableFields(asker.viewer);
    // What the viewer may not filter by is neither asked nor repeated in the page's links.
    const parameters = given.filter(
      ([name]) => names.has(name) || ["days", "source", "channel"].includes(name),
    );
    const of = {
      signature,
      days: spans.find((span) => String(span) === lastOf(given, "days")) ?? 7,
      source: sourceIn(given),
      filters: parameters.filter(([name]) => names.has(name) && !chosenHere.has(name)),
    };
    const scopes = await correlationScopes(parts, of);
    const product = exactValue(given, "product") ?? [...scopes.keys()][0];
    if (product === undefined)
      return sendPage(
        reply,
        200,
        correlationsPage({ ...of, query: undefined, found: undefined, scopes, now: now(), parameters }),
      );
    const asked = exactValue(given, "release_channel") ?? exactValue(given, "channel");
    const channel = asked ?? String(scopes.get(product)?.[0]?.term ?? "any");
    const query = { ...of, product, channel: channel === "any" ? undefined : channel };
    const fields = correlatedFields(asker.viewer);
    const day = now().toISOString().slice(0, 10);
    const found = await memory.remember(
      ["correlations", query, day, fields.map(({ name }) => name)],
      LIFE_MS,
      () => correlations(parts, query, fields),
    );
    await noteLook(asker, "correlations", signature.slice(0, 500), parts);
    return sendPage(reply, 200, correlationsPage({ ...of, query, found, scopes, now: now(), parameters }));
  });
}

const chosenHere = new Set(["signature", "date", "product", "release_channel"]);

/** The value that is asked for exactly; other filters of what is chosen here have no meaning. */
function exactValue(parameters: Query, name: string): string | undefined {
  const value = lastOf(parameters, name);
  return value === undefined || value === "" ? undefined : valueAsked(value);
}
