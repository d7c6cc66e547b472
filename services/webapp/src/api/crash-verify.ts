import { parseCrashId } from "@mayday/crash";
import { failed, found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** Where a crash has come to: whether it is stored, processed, and in the index, of whatever date it is. */
export const crashVerify: Endpoint = {
  name: "CrashVerify",
  says: "Where a crash has come to: stored, processed, indexed.",
  method: "GET",
  parameters: [{ name: "crash_id", says: "The id of a crash." }],
  async answer({ params }, { storage, engine }) {
    const id = parseCrashId(params.get("crash_id")?.trim() ?? "");
    if (id === undefined) return failed(400, "unknown crash id");
    const [raw, processed, indexed] = await Promise.all([
      storage.loadRawCrash(id),
      storage.loadProcessed(id),
      engine.has([id]),
    ]);
    return found({
      uuid: id,
      raw_crash: raw !== undefined,
      processed_crash: processed !== undefined,
      elasticsearch_crash: indexed.has(id),
      // No copy is made for Telemetry.
      telemetry_crash: false,
    });
  },
};
