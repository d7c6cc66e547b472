import type { WalkedDump } from "@mayday/crash";
import { dumpOf, type JsonFrame, type JsonThread } from "../json-dump.ts";
import type { Rule } from "../rule.ts";

const MOST_FRAMES = 500;
const KEPT_TOP = 250;
const KEPT_BOTTOM = 249;

/** Cuts the middle out of very deep stacks: both ends tell of a runaway recursion, the middle repeats itself. */
export const truncateStacks: Rule = {
  name: "TruncateStacks",
  act({ processed, notes }) {
    const further = Object.entries(processed).filter(([name]) =>
      processed.additional_minidumps?.includes(name),
    );
    const walked = [processed, ...further.map(([, walk]) => walk as WalkedDump)];
    for (const { threads = [], crashing_thread } of walked.map(dumpOf)) {
      for (const [index, thread] of threads.entries()) {
        const cut = truncate(thread);
        if (cut > 0) notes.push(`thread ${index}: left out ${cut} of its ${thread.frame_count} frames`);
      }
      if (crashing_thread !== undefined) truncate(crashing_thread);
    }
  },
};

/** Returns how many frames were left out. */
function truncate(thread: JsonThread): number {
  const { frames = [] } = thread;
  if (frames.length <= MOST_FRAMES) return 0;
  const cut = frames.length - KEPT_TOP - KEPT_BOTTOM;
  const gap: JsonFrame = { truncated: { msg: `${cut} frames truncated` } };
  thread.frames = [...frames.slice(0, KEPT_TOP), gap, ...frames.slice(-KEPT_BOTTOM)];
  thread.truncated = true;
  return cut;
}
