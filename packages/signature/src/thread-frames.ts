import { listOf, recordOf } from "./json-value.ts";
import type { FramePlace } from "./signature-step.ts";

/** A frame as normalisation reads it: a real one, or a function inlined into one. */
export interface PlacedFrame {
  readonly at: FramePlace;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Frames further down say nothing about the crash and would make hostile stacks dear. */
const MAX_FRAMES = 40;

/** A thread's frames from the top, each after the functions inlined into it; at most 40 in all. */
export function threadFrames(threads: unknown, thread: number): PlacedFrame[] {
  const placed: PlacedFrame[] = [];
  const frames = listOf(recordOf(listOf(threads)[thread])["frames"]);
  for (const [frame, value] of frames.entries()) {
    const own = recordOf(value);
    for (const [inline, inlined] of listOf(own["inlines"]).entries()) {
      if (placed.length === MAX_FRAMES) return placed;
      placed.push({ at: { thread, frame, inline }, fields: inlinedFrame(own, recordOf(inlined)) });
    }
    if (placed.length === MAX_FRAMES) return placed;
    placed.push({ at: { thread, frame }, fields: own });
  }
  return placed;
}

/** Function, file and line are the inlined function's own, where it is loaded is the frame's. */
function inlinedFrame(
  { module, module_offset, offset }: PlacedFrame["fields"],
  { function: name, file, line }: PlacedFrame["fields"],
): PlacedFrame["fields"] {
  return { module, module_offset, offset, function: name, file, line };
}
