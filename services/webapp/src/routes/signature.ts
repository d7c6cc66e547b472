import { searchFields } from "@mayday/search";
import type { FastifyInstance } from "fastify";
import { askerOf } from "../asker.ts";
import type { Query } from "../data/ask.ts";
import { signatureCrashes } from "../data/signature.ts";
import { messagePage } from "../pages/message-page.ts";
import { signaturePage, spans } from "../pages/signature-page.ts";
import type { WebappParts } from "../parts.ts";
import { holdsAll } from "../permissions.ts";
import { splitUrl } from "../split-url.ts";
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
    const { viewer } = await askerOf(request, parts);
    const allowed = searchFields.filter(({ permissions }) => holdsAll(viewer, permissions));
    const names = new Set<string>(allowed.map(({ name }) => name));
    const asked = parameters.findLast(([name]) => name === "_facets")?.[1];
    const query = {
      signature,
      days: spans.find((span) => String(span) === parameters.findLast(([name]) => name === "days")?.[1]) ?? 7,
      // What the viewer may not filter by is left out here as it is in the API.
      filters: parameters.filter(([name]) => names.has(name) && name !== "signature" && name !== "date"),
      aggregation: asked !== undefined && names.has(asked) ? asked : undefined,
    };
    const crashes = await signatureCrashes(parts, query);
    const fields = [...names].sort();
    const mayReprocess = viewer.has("reprocess_crashes") ? { csrf: csrfFor(reply) } : undefined;
    return sendPage(
      reply,
      200,
      signaturePage({ query, crashes, fields, today: parts.now(), parameters, mayReprocess }),
    );
  });
}
