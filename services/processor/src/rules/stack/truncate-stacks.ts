import type { FrameJson, StackJson, ThreadJson } from "@mayday/crash";
import type { Rule } from "../../rule.ts";
import { isRecord, listOf } from "../../values/json-records.ts";

const MOST_FRAMES = 500;
const KEPT_TOP = 250;
const KEPT_BOTTOM = 249;

/** Cuts the middle out of very deep stacks: both ends tell of a runaway recursion, the middle repeats itself. */
export const truncateStacks: Rule = {
  name: "TruncateStacksRule",
  annotations: [],
  reads: ["json_dump", "additional_minidumps"],
  writes: ["json_dump"],
  act({ processed, notes }) {
    if (isRecord(processed.json_dump))
      processed.json_dump = truncated(processed.json_dump, "json_dump", notes);
    for (const name of processed.additional_minidumps ?? []) {
      const key = name as `upload_file_minidump_${string}`;
      const walk = processed[key];
      if (!isRecord(walk?.json_dump)) continue;
      processed[key] = { ...walk, json_dump: truncated(walk.json_dump, `${name}.json_dump`, notes) };
    }
  },
};

function truncated(json: StackJson, path: string, notes: string[]): StackJson {
  const cut: { -readonly [K in keyof StackJson]: StackJson[K] } = { ...json };
  const { crashing_thread: crashing, threads } = json;
  if (isRecord(crashing) && frameCount(crashing) > MOST_FRAMES) {
    notes.push(noteOf(`${path}.crashing_thread`, crashing, "->"));
    cut.crashing_thread = shortened(crashing);
  }
  if (Array.isArray(threads)) {
    cut.threads = (threads as readonly ThreadJson[]).map((thread, index) => {
      if (!isRecord(thread) || frameCount(thread) <= MOST_FRAMES) return thread;
      notes.push(noteOf(`${path}.threads[${index}]`, thread, ">"));
      return shortened(thread);
    });
  }
  return cut;
}

const frameCount = (thread: ThreadJson) => listOf(thread.frames).length;

/** In Socorro's words, which people search for. */
function noteOf(thread: string, { frames }: ThreadJson, sign: string): string {
  return `TruncateStacksRule: truncated ${thread}.frames: ${listOf(frames).length} ${sign} ${MOST_FRAMES}`;
}

function shortened(thread: ThreadJson): ThreadJson {
  const frames = listOf(thread.frames) as readonly FrameJson[];
  const left = (frames.length - KEPT_TOP - KEPT_BOTTOM).toLocaleString("en-US");
  const gap: FrameJson = { truncated: { msg: `${left} frames truncated` } };
  return {
    ...thread,
    frames: [...frames.slice(0, KEPT_TOP), gap, ...frames.slice(-KEPT_BOTTOM)],
    truncated: true,
  };
}
