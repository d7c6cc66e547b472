import type { CrashId } from "@mayday/crash";
import type { BulkRequest } from "@mayday/queue";
import { crashesFound, isDebugId, missedBy, parseSuperSearch } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import type { Viewer } from "../permissions.ts";
import { badField, found, permissionNeeded } from "./answers.ts";
import { isRuleset, readAsked } from "./asked-crashes.ts";
import type { Answer, Endpoint } from "./endpoint.ts";
import { bulkJobJson } from "./jobs.ts";
import { permittedParameters } from "./permitted-search.ts";

/** As many as a bulk job may have. */
const MOST_CRASHES = 1_000_000;

/**
 * Counts the crashes of a bulk job, which then waits to be started: `crash_ids`, repeated; or `query`, a Super Search's;
 * or `module`, repeated, the debug id of a module whose symbols were missed, alone or behind its file's name and a slash.
 * Besides `ruleset`, `rate` (crashes a second), and `start=true` for one that begins at once.
 */
export const bulkReprocessing: Endpoint = {
  name: "BulkReprocessing",
  says: "Counts crashes to be processed again as one job: crash_ids, query or module; start, rate, ruleset; needs reprocess_crashes.",
  method: "POST",
  parameters: [
    { name: "crash_ids", says: "Ids of crashes.", isList: true },
    { name: "query", says: "A Super Search's query; its crashes." },
    {
      name: "module",
      says: "Debug id of a module whose symbols were missed, alone or behind its file's name and a slash.",
      isList: true,
    },
    { name: "ruleset", says: "`default`, or `regenerate_signature`." },
    { name: "rate", says: "Crashes a second at most." },
    { name: "start", says: "`true` for a job that begins at once." },
  ],
  bodyLimit: 64 * 1024 * 1024,
  async answer({ params, viewer, who }, parts) {
    if (!viewer.has("reprocess_crashes")) return permissionNeeded("reprocess_crashes");
    const ruleset = params.get("ruleset") ?? "default";
    if (!isRuleset(ruleset)) return badField("ruleset", `Ruleset '${ruleset.slice(0, 100)}' is not valid.`);
    const rate = params.has("rate") ? Number(params.get("rate")) : undefined;
    if (rate !== undefined && !(rate > 0))
      return badField("rate", "It must be a number of crashes a second.");
    const chosen = await choose(params, viewer, parts);
    if ("kind" in chosen) return chosen;
    const start = params.get("start") === "true";
    const paced = rate === undefined ? {} : { rate };
    const job = await parts.bulk.create({ ...chosen, ...paced, ruleset, by: who, start });
    await parts.records.audit.add({ who, what: `bulk job of ${job.total} crashes`, target: job.id });
    return found(bulkJobJson(job));
  },
};

type Chosen = Pick<BulkRequest, "what" | "crashIds">;

/** Which crashes, or why not. */
async function choose(params: URLSearchParams, viewer: Viewer, parts: WebappParts): Promise<Chosen | Answer> {
  const ways = ["crash_ids", "query", "module"].filter((name) => params.has(name));
  if (ways.length !== 1) return badField("crash_ids", "One of crash_ids, query and module is required.");
  if (ways[0] === "crash_ids") {
    const asked = readAsked(params.getAll("crash_ids"));
    if (typeof asked === "string") return badField("crash_ids", asked);
    return { what: "crashes by id", crashIds: asked.map(({ crashId }) => crashId) };
  }
  if (ways[0] === "module") return byModule(params.getAll("module"), parts);
  const query = params.get("query")!.replace(/^\?/, "");
  const permitted = permittedParameters(new URLSearchParams(query), viewer);
  const plan = parseSuperSearch(permitted, { ...parts.search, now: parts.now(), isStrict: true });
  const { dates } = await crashesFound(plan, parts.engine, MOST_CRASHES + 1);
  return { what: `search: ${query.slice(0, LONGEST_SHOWN)}`, crashIds: dates.keys() };
}

const LONGEST_SHOWN = 300;

async function byModule(modules: readonly string[], { engine }: WebappParts): Promise<Chosen | Answer> {
  const debugIds = modules.map((module) => module.slice(module.lastIndexOf("/") + 1).toUpperCase());
  const wrong = modules[debugIds.findIndex((id) => !isDebugId(id))];
  if (wrong !== undefined) return badField("module", `Debug id '${wrong.slice(0, 100)}' is not valid.`);
  const { crashIds } = await missedBy(debugIds, engine);
  return {
    what: `missed ${modules.join(", ").slice(0, LONGEST_SHOWN)}`,
    crashIds: crashIds as readonly CrashId[],
  };
}
