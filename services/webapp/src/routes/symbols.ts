import type { UploadRecord } from "@mayday/records";
import type { FastifyInstance } from "fastify";
import { askerOf } from "../asker.ts";
import { address, lastOf } from "../data/address.ts";
import type { Query } from "../data/ask.ts";
import { hasEmptyChoice } from "../data/filter-choices.ts";
import { missingModule } from "../data/missing-module.ts";
import { missingSymbols } from "../data/missing-symbols.ts";
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
/** Of a part of a file's name that is looked for. */
const LONGEST_FILE = 200;

/** Adds the page of missing symbols, `/symbols/?product=&version=&platform=&file=`, the modules of most crashes first. */
export function addSymbolsRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/symbols/", async (request, reply) => {
    const parameters: Query = [...new URLSearchParams(splitUrl(request.url).query)];
    if (hasEmptyChoice(parameters) || parameters.some(([name, value]) => name === "file" && value === ""))
      return reply.redirect(address("/symbols/", parameters), 302);
    const file = lastOf(parameters, "file")?.slice(0, LONGEST_FILE);
    const filters = parameters.filter(([name]) => ["product", "version", "platform"].includes(name));
    const { viewer } = await askerOf(request, parts);
    const [missing, uploads] = await Promise.all([
      missingSymbols(parts, { days: DAYS, filters, file }),
      parts.records.uploads.list({ limit: UPLOADS }),
    ]);
    const mayReprocess = viewer.has("reprocess_crashes") ? { csrf: csrfFor(reply) } : undefined;
    return sendPage(
      reply,
      200,
      symbolsPage({
        query: { days: DAYS, filters, file },
        missing,
        parameters,
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
