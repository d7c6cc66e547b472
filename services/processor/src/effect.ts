import type { ProcessedCrash } from "@mayday/crash";
import type { CrashEffect, Reading } from "@mayday/queue";
import { listOf, recordOf, stringOf } from "./values/json-records.ts";

/** What processing a crash again made of it; undefined where nothing was there before, or no stack that could be compared. */
export function effectOn(
  previous: ProcessedCrash | undefined,
  processed: ProcessedCrash,
): CrashEffect | undefined {
  const before = previous && readingOf(previous);
  const after = readingOf(processed);
  return before === undefined || after === undefined ? undefined : { before, after };
}

function readingOf({ signature, json_dump }: ProcessedCrash): Reading | undefined {
  const { crashing_thread, threads } = recordOf(json_dump);
  const copy = recordOf(crashing_thread);
  // The copy may hold the first frames alone.
  const whole = recordOf(listOf(threads)[Number(copy["threads_index"] ?? Number.NaN)]);
  const frames = listOf(whole["frames"] ?? copy["frames"]).map(recordOf);
  if (frames.length === 0) return undefined;
  const named = frames.filter((frame) => (stringOf(frame["function"]) ?? "") !== "").length;
  return { signature: stringOf(signature) ?? "", frames: frames.length, named };
}
