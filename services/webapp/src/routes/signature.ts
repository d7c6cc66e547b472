import { parseCrashId, redactProcessedCrash } from "@mayday/crash";
import type { FastifyInstance } from "fastify";
import { askerOf, noteLook } from "../asker.ts";
import { address, lastOf } from "../data/address.ts";
import { daysBefore, exactly, type Query, valueAsked } from "../data/ask.ts";
import { bothSources } from "../data/both-sources.ts";
import { filterChoices, hasEmptyChoice } from "../data/filter-choices.ts";
import { usableFields } from "../data/search.ts";
import { type SignatureCrashes, signatureCrashes } from "../data/signature.ts";
import { sourceIn } from "../data/top-crashers.ts";
import { versionStarts } from "../data/version-starts.ts";
import { messagePage } from "../pages/message-page.ts";
import { graphs, signaturePage, spans } from "../pages/signature-page.ts";
import { signatureSteps } from "../pages/signature-steps.ts";
import { textOf } from "../pages/stored-json.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import type { VersionStart } from "../view/version-lines.ts";
import { csrfFor } from "./forms.ts";
import { sendPage } from "./send-page.ts";

/** Adds the page of a signature's crashes: `/signature/?signature=`, with any of the search language's filters. */
export function addSignatureRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/signature/", async (request, reply) => {
    const parameters: Query = [...new URLSearchParams(splitUrl(request.url).query)];
    const signature = parameters.find(([name]) => name === "signature")?.[1];
    if (signature === undefined || signature === "") {
      const says = "The address names no signature: /signature/?signature=…";
      return sendPage(reply, 400, messagePage({ title: "Which signature?", says }));
    }
    if (hasEmptyChoice(parameters)) return reply.redirect(address("/signature/", parameters), 302);
    const asker = await askerOf(request, parts);
    const { viewer } = asker;
    const names = usableFields(viewer);
    const facet = lastOf(parameters, "_facets");
    const query = {
      signature,
      days: spans.find((span) => String(span) === lastOf(parameters, "days")) ?? 7,
      // What the viewer may not filter by is left out here as it is in the API.
      filters: parameters.filter(([name]) => names.has(name) && name !== "signature" && name !== "date"),
      source: sourceIn(parameters),
      mayReadComments: names.has("user_comments"),
      aggregation: facet !== undefined && names.has(facet) ? facet : undefined,
    };
    const asked = signatureCrashes(parts, query);
    const productOf = ({ product }: SignatureCrashes) => product ?? productIn(query.filters);
    const [crashes, choices, starts, steps, both] = await Promise.all([
      asked,
      // Whatever is chosen already: another value can then be chosen in its place.
      filterChoices(parts, [
        ["signature", exactly(signature)],
        ["source", query.source],
        ...daysBefore(query.days, parts.now()),
      ]),
      asked.then((found) => startsOf(parts, productOf(found), found, query.days)),
      asked.then(({ hits }) => newestSteps(parts, hits[0]?.uuid)),
      bothSources(parts, query, asked.then(productOf)),
    ]);
    if (crashes.commentCount > 0) await noteLook(asker, "comments", signature.slice(0, 500), parts);
    const graph = graphs.find((one) => one === lastOf(parameters, "graph")) ?? "day";
    const fields = [...names.keys()].sort();
    const mayReprocess = viewer.has("reprocess_crashes") ? { csrf: csrfFor(reply) } : undefined;
    return sendPage(
      reply,
      200,
      signaturePage({
        query,
        crashes,
        both,
        choices,
        starts,
        fields,
        today: parts.now(),
        parameters,
        mayReprocess,
        steps,
        graph,
        links: parts.links,
      }),
    );
  });
}

/** When those versions began that the crashes are of, the one with most of them first. */
async function startsOf(
  parts: WebappParts,
  product: string | undefined,
  { byVersion }: SignatureCrashes,
  days: number,
): Promise<VersionStart[]> {
  if (product === undefined) return [];
  const counts = new Map(byVersion.map(({ term, count }) => [String(term), count]));
  const countOf = ({ version }: VersionStart) => counts.get(version) ?? 0;
  const starts = await versionStarts(parts, product, days);
  return starts.filter((one) => countOf(one) > 0).toSorted((a, b) => countOf(b) - countOf(a));
}

/** The product that the filters name, where they name one. */
function productIn(filters: Query): string | undefined {
  const products = filters.filter(([name]) => name === "product").map(([, value]) => value);
  return products.length === 1 ? valueAsked(products[0]!) : undefined;
}

/** How the newest crash's signature was made, HTML; empty where nothing tells. */
async function newestSteps({ storage, log }: WebappParts, uuid: unknown): Promise<string> {
  const id = parseCrashId(String(uuid ?? ""));
  if (id === undefined) return "";
  try {
    const processed = await storage.loadProcessed(id);
    const { signature_steps: steps, signature_debug: debug } = redactProcessedCrash(processed ?? {});
    return signatureSteps(steps, textOf(debug));
  } catch (error) {
    log.warn({ err: error, crashId: id }, "a signature's page goes without how it is made");
    return "";
  }
}
