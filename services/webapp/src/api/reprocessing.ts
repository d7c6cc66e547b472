import { type CrashId, parseCrashId } from "@mayday/crash";
import type { Ruleset } from "@mayday/queue";
import { badField, badRequest, found, permissionNeeded } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** More than clients send at once (crashstats-tools: 50). */
const MOST_CRASHES = 1000;

const rulesets: Readonly<Record<Ruleset, true>> = { default: true, regenerate_signature: true };

interface Job {
  readonly id: CrashId;
  readonly ruleset: Ruleset;
}

/** Has crashes processed again: `crash_ids`, repeated, each `<crash id>` or `<crash id>:<ruleset>`. All or none. */
export const reprocessing: Endpoint = {
  name: "Reprocessing",
  says: "Has crashes processed again: crash_ids; needs reprocess_crashes.",
  method: "POST",
  parameters: [
    {
      name: "crash_ids",
      says: `Ids of crashes, each alone or with a ruleset: \`id:ruleset\`; at most ${MOST_CRASHES}.`,
      isList: true,
    },
  ],
  async answer({ params, viewer }, { publisher }) {
    if (!viewer.has("reprocess_crashes")) return permissionNeeded("reprocess_crashes");
    const given = params.getAll("crash_ids");
    if (given.length === 0) return badField("crash_ids", "This field is required.");
    if (given.length > MOST_CRASHES) return badField("crash_ids", `At most ${MOST_CRASHES} at once.`);
    const jobs = given.map(parseJob);
    const problem = jobs.find((job) => typeof job === "string");
    if (problem !== undefined) return badRequest("CRASH_ID_INVALID", problem);
    await Promise.all(
      (jobs as Job[]).map(({ id, ruleset }) => publisher.publishCrash("reprocessing", id, ruleset)),
    );
    return found(null);
  },
};

/** The job, or what is wrong with it. */
function parseJob(text: string): Job | string {
  // An address has a colon of its own: the ruleset follows the last part's.
  const parts = /^(.*?)(?::([^:/]*))?$/s.exec(text.trim())!;
  const [, crash = "", ruleset = "default"] = parts;
  const id = parseCrashId(crash);
  if (id === undefined) return `Crash id '${crash.slice(0, 100)}' is not valid.`;
  if (!Object.hasOwn(rulesets, ruleset)) return `Ruleset '${ruleset.slice(0, 100)}' is not valid.`;
  return { id, ruleset: ruleset as Ruleset };
}
