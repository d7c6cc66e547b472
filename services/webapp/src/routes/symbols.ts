import type { UploadRecord } from "@mayday/records";
import { termsOf } from "@mayday/search";
import type { FastifyInstance } from "fastify";
import { askerOf } from "../asker.ts";
import { ask, daysBefore } from "../data/ask.ts";
import { symbolsPage, type UploadLine } from "../pages/symbols-page.ts";
import type { WebappParts } from "../parts.ts";
import type { Viewer } from "../permissions.ts";
import { csrfFor } from "./forms.ts";
import { sendPage } from "./send-page.ts";

const DAYS = 28;
const UPLOADS = 20;

/** Adds the page of missing symbols, the modules of most crashes first. */
export function addSymbolsRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/symbols/", async (request, reply) => {
    const query = [
      ["_facets", "missing_symbols"],
      ["_facets_size", "100"],
      ["_results_number", "0"],
    ] as const;
    const found = await ask(parts, [...query, ...daysBefore(DAYS, parts.now())]);
    const missing = termsOf(found, "missing_symbols");
    const { viewer } = await askerOf(request, parts);
    const uploads = await parts.records.uploads.list({ limit: UPLOADS });
    const mayReprocess = viewer.has("reprocess_crashes") ? { csrf: csrfFor(reply) } : undefined;
    return sendPage(
      reply,
      200,
      symbolsPage({
        days: DAYS,
        missing,
        total: found.total,
        uploads: uploads.map((upload) => uploadLine(upload, viewer)),
        mayReprocess,
      }),
    );
  });
}

/** Who uploaded is told to those who upload themselves. */
function uploadLine({ owner, created, state, detail }: UploadRecord, viewer: Viewer): UploadLine {
  const mayKnow = viewer.has("upload_symbols") || viewer.has("view_pii");
  return { created, isComplete: state === "completed", ...detail, by: mayKnow ? owner : undefined };
}
