import { listOf, recordOf } from "../values/json-records.ts";

/** The stack of the thread that crashed, as the walker wrote it; empty when it is not known. */
export function crashingFrames(jsonDump: unknown): readonly unknown[] {
  const { crash_info, threads } = recordOf(jsonDump);
  const index = recordOf(crash_info)["crashing_thread"];
  return typeof index === "number" ? listOf(recordOf(listOf(threads).at(index))["frames"]) : [];
}
