import { redactProcessedCrash } from "@mayday/crash";
import { exactProcessedCrash } from "../stored-crash.ts";
import { crashNotFound, found } from "./answers.ts";
import { crashIdNeeded, crashIdParameter } from "./crash-id-parameter.ts";
import type { Endpoint } from "./endpoint.ts";

/** What processing made of a report. Parameters besides `crash_id` are ignored: clients send `format` along. */
export const processedCrash: Endpoint = {
  name: "ProcessedCrash",
  says: "What processing made of a report: crash_id.",
  method: "GET",
  parameters: [crashIdNeeded],
  showsProtected: true,
  async answer({ params, viewer }, { storage }) {
    const asked = crashIdParameter(params);
    if ("refusal" in asked) return asked.refusal;
    const processed = await exactProcessedCrash(storage, asked.id);
    if (processed === undefined) return crashNotFound(asked.id);
    return found(viewer.has("view_pii") ? processed : redactProcessedCrash(processed));
  },
};
