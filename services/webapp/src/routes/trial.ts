import { MaydayError } from "@mayday/errors";
import { siglistFiles } from "@mayday/signature";
import type { FastifyInstance } from "fastify";
import { askerOf } from "../asker.ts";
import { usableFields } from "../data/search.ts";
import { type ListChanges, trySignatures } from "../data/signature-trial.ts";
import { type TrialView, trialPage } from "../pages/trial-page.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import { sendPage } from "./send-page.ts";

const LONGEST = 20_000;

/** Adds the trial of changed signature lists. */
export function addTrialRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/signatures/trial/", async (request, reply) => {
    const { viewer } = await askerOf(request, parts);
    const parameters = new URLSearchParams(splitUrl(request.url).query);
    const text = (name: string) => (parameters.get(name) ?? "").slice(0, LONGEST);
    const changes: ListChanges = new Map(
      siglistFiles.map((file) => [file, { add: text(`add.${file}`), drop: text(`drop.${file}`) }] as const),
    );
    const isAsked = [...changes.values()].some(({ add, drop }) => add + drop !== "");
    const mayRun = viewer.has("reprocess_crashes") || viewer.has("run_custom_queries");
    const allowed = usableFields(viewer);
    const filters = [...new URLSearchParams(text("search"))].filter(([name]) => allowed.has(name));
    let found: TrialView["found"];
    if (mayRun && isAsked) {
      found = await trySignatures(parts, changes, filters).catch((error) => {
        const isTheirs =
          error instanceof MaydayError && ["CONFIG_INVALID", "SEARCH_BAD_PARAMETER"].includes(error.code);
        if (!isTheirs) throw error;
        return { problem: error.detail ?? error.message };
      });
    }
    const status = found !== undefined && "problem" in found ? 400 : 200;
    return sendPage(reply, status, trialPage({ changes, search: text("search"), found, mayRun }));
  });
}
