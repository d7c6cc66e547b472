import { type CrashId, parseCrashId } from "@mayday/crash";
import type { BulkJob, UnprocessedCrash } from "@mayday/queue";
import type { WebappParts } from "../parts.ts";
import { badField, failed, found, permissionNeeded } from "./answers.ts";
import type { Answer, Endpoint } from "./endpoint.ts";

/** The queues: how many jobs, which crashes were set aside or wait for what is away, and the bulk jobs. */
export const jobs: Endpoint = {
  name: "Jobs",
  says: "The queues' jobs, the crashes that were set aside and the bulk jobs; needs manage_jobs.",
  method: "GET",
  async answer({ viewer }, { publisher, bulk, crashJobs, history }) {
    if (!viewer.has("manage_jobs")) return permissionNeeded("manage_jobs");
    const [queues, now, setAside, waiting, bulkJobs] = await Promise.all([
      publisher.depths(),
      history.now(),
      crashJobs.setAside(),
      crashJobs.waiting(),
      bulk.list(),
    ]);
    return found({
      queues,
      states: Object.fromEntries(
        Object.entries(now.queues).map(([name, { oldestMs, ...counts }]) => [
          name,
          { ...counts, oldest_seconds: Math.round(oldestMs / 1000) },
        ]),
      ),
      set_aside: setAside.map(crashJson),
      waiting: waiting.map(crashJson),
      bulk: bulkJobs.map(bulkJobJson),
    });
  },
};

/** How far a bulk job is. */
export const bulkJob: Endpoint = {
  name: "BulkJob",
  says: "A bulk job: id; needs reprocess_crashes or manage_jobs.",
  method: "GET",
  parameters: [{ name: "id", says: "Id of a bulk job.", isRequired: true }],
  async answer({ params, viewer }, { bulk }) {
    if (!viewer.has("manage_jobs") && !viewer.has("reprocess_crashes"))
      return permissionNeeded("reprocess_crashes");
    return withBulkJob((id) => bulk.get(id), params);
  },
};

const bulkActions = ["start", "pause", "resume", "cancel"] as const;
const crashActions = ["retry", "discard"] as const;

/**
 * Changes jobs. `action` is retry or discard, with `crash_ids`, repeated, or `all=true`: of crashes that were set aside;
 * or start, pause, resume or cancel with the `id` of a bulk job; or rate with `id` and `rate`, crashes a second.
 */
export const changeJobs: Endpoint = {
  name: "ChangeJobs",
  says: "Changes jobs: action retry, discard (crash_ids or all=true), start, pause, resume, cancel, rate (id); needs manage_jobs, for bulk jobs reprocess_crashes.",
  method: "POST",
  parameters: [
    {
      name: "action",
      says: "What to do with set-aside crashes (retry, discard) or with a bulk job (the others).",
      isRequired: true,
      choices: [...crashActions, ...bulkActions, "rate"],
    },
    { name: "crash_ids", says: "The crashes to retry or discard.", isList: true },
    { name: "all", says: "`true` for all crashes that were set aside." },
    { name: "id", says: "Id of a bulk job." },
    { name: "rate", says: "Crashes a second, of a bulk job." },
  ],
  async answer({ params, viewer, who }, parts) {
    const action = params.get("action") ?? "";
    // Who may begin bulk jobs may end them.
    const isAllowed =
      viewer.has("manage_jobs") || (!isOneOf(crashActions, action) && viewer.has("reprocess_crashes"));
    if (!isAllowed) return permissionNeeded("manage_jobs");
    const answer = await actOn(action, params, parts);
    if (answer.kind === "json" && answer.status === 200) {
      const target =
        params.get("id") ?? (params.get("all") === "true" ? "all" : params.getAll("crash_ids").join(" "));
      await parts.records.audit.add({ who, what: `jobs ${action}`, target: target.slice(0, LONGEST_NOTED) });
    }
    return answer;
  },
};

/** Of what jobs were changed the audit log keeps so much, characters. */
const LONGEST_NOTED = 500;

async function actOn(action: string, params: URLSearchParams, parts: WebappParts): Promise<Answer> {
  if (isOneOf(crashActions, action)) return changeCrashes(action, params, parts);
  if (isOneOf(bulkActions, action)) return withBulkJob((id) => parts.bulk[action](id), params);
  if (action !== "rate")
    return badField("action", "It must be retry, discard, start, pause, resume, cancel or rate.");
  const rate = Number(params.get("rate"));
  if (!(rate > 0)) return badField("rate", "It must be a number of crashes a second.");
  return withBulkJob((id) => parts.bulk.setRate(id, rate), params);
}

async function changeCrashes(
  action: (typeof crashActions)[number],
  params: URLSearchParams,
  { crashJobs }: WebappParts,
): Promise<Answer> {
  const texts = params.getAll("crash_ids");
  const isAll = params.get("all") === "true";
  if (isAll === texts.length > 0) return badField("crash_ids", "Either crash_ids or all=true is required.");
  const ids = texts.map(parseCrashId);
  const wrong = texts[ids.indexOf(undefined)];
  if (wrong !== undefined) return badField("crash_ids", `Crash id '${wrong.slice(0, 100)}' is not valid.`);
  return found({ count: await crashJobs[action](isAll ? undefined : (ids as CrashId[])) });
}

async function withBulkJob(
  act: (id: string) => Promise<BulkJob | undefined>,
  params: URLSearchParams,
): Promise<Answer> {
  const id = params.get("id") ?? "";
  if (id === "") return badField("id", "This field is required.");
  const job = await act(id);
  return job === undefined ? failed(404, "Not found: there is no such bulk job") : found(bulkJobJson(job));
}

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);

/** A bulk job as the API tells it. */
export function bulkJobJson(job: BulkJob) {
  const { id, state, what, ruleset, why, total, done, failed: failures, changed, rate, createdAt, by } = job;
  return {
    id,
    state,
    what,
    ruleset,
    why,
    total,
    done,
    failed: failures,
    changed,
    rate,
    created: createdAt.toISOString(),
    by,
  };
}

function crashJson({ crashId, ruleset, queue, reason, attempts, when }: UnprocessedCrash) {
  return { crash_id: crashId, ruleset, queue, reason, attempts, when: when.toISOString() };
}
