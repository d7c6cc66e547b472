import { badField, badRequest, found, permissionNeeded } from "./answers.ts";
import { type AskedCrash, readAsked } from "./asked-crashes.ts";
import type { Endpoint } from "./endpoint.ts";

/** More than clients send at once (crashstats-tools: 50). */
const MOST_CRASHES = 1000;

/**
 * Has crashes processed again: `crash_ids`, repeated, each `<crash id>` or `<crash id>:<ruleset>`. All or none. What one
 * asker sends in many requests is one bulk job.
 */
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
  async answer({ params, viewer, who }, { bulk }) {
    if (!viewer.has("reprocess_crashes")) return permissionNeeded("reprocess_crashes");
    const given = params.getAll("crash_ids");
    if (given.length === 0) return badField("crash_ids", "This field is required.");
    if (given.length > MOST_CRASHES) return badField("crash_ids", `At most ${MOST_CRASHES} at once.`);
    const asked = readAsked(given);
    if (typeof asked === "string") return badRequest("CRASH_ID_INVALID", asked);
    for (const [ruleset, some] of Map.groupBy(asked, (one: AskedCrash) => one.ruleset)) {
      const crashIds = some.map(({ crashId }) => crashId);
      await bulk.add({ what: "crashes by id", ruleset, crashIds, why: "by hand", by: who, rate: RATE });
    }
    return found(null);
  },
};

/** Crashes a second: who asks for some by hand waits for them. */
const RATE = 100;
