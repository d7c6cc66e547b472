import type { UploadRecord } from "@mayday/records";
import { termsOf } from "@mayday/search";
import type { FastifyInstance } from "fastify";
import { askerOf } from "../asker.ts";
import { ask, daysBefore } from "../data/ask.ts";
import { missingModule } from "../data/missing-module.ts";
import { messagePage } from "../pages/message-page.ts";
import { modulePage } from "../pages/module-page.ts";
import { symbolsPage, type UploadLine } from "../pages/symbols-page.ts";
import type { WebappParts } from "../parts.ts";
import type { Viewer } from "../permissions.ts";
import { splitUrl } from "../split-url.ts";
import { csrfFor } from "./forms.ts";
import { sendPage } from "./send-page.ts";

const DAYS = 28;
const UPLOADS = 20;
const LONGEST_NAME = 2000;

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
  server.get("/symbols/module/", async (request, reply) => {
    const module = new URLSearchParams(splitUrl(request.url).query).get("module") ?? "";
    if (module === "" || module.length > LONGEST_NAME) {
      const says = "The address names no module: open one from the list of missing symbols.";
      const next = { next: "/symbols/", nextLabel: "Missing symbols" };
      return sendPage(reply, 400, messagePage({ title: "Which module?", says, ...next }));
    }
    const { viewer } = await askerOf(request, parts);
    const mayReprocess = viewer.has("reprocess_crashes") ? { csrf: csrfFor(reply) } : undefined;
    const found = await missingModule(parts, module, DAYS);
    return sendPage(reply, 200, modulePage({ ...found, module, days: DAYS, mayReprocess }));
  });
}

/** Who uploaded is told to those who upload themselves. */
function uploadLine({ owner, created, state, detail }: UploadRecord, viewer: Viewer): UploadLine {
  const mayKnow = viewer.has("upload_symbols") || viewer.has("view_pii");
  return { created, isComplete: state === "completed", ...detail, by: mayKnow ? owner : undefined };
}
