import { listOf, recordOf } from "../crash-data/json-value.ts";
import type { FrameText } from "./frame-text.ts";
import type { NormalizedFrame } from "./frame-walk.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A frame of a stack: a real one, or a function inlined into one. */
export interface StackFrame extends NormalizedFrame {
  readonly fields: Fields;
}

/** Frames further down say nothing about the crash and would make hostile stacks dear. */
const MAX_FRAMES = 40;

/** A thread's frames from the top, each after the functions inlined into it; at most 40 in all. */
export function threadFrames(
  threads: unknown,
  thread: number,
  normalize: (fields: Fields) => FrameText,
): StackFrame[] {
  const stack: StackFrame[] = [];
  const frames = listOf(recordOf(listOf(threads)[thread])["frames"]);
  for (let frame = 0; frame < frames.length && stack.length < MAX_FRAMES; frame++) {
    const own = recordOf(frames[frame]);
    const inlines = listOf(own["inlines"]);
    for (let inline = 0; inline < inlines.length && stack.length < MAX_FRAMES; inline++) {
      const fields = inlinedFrame(own, recordOf(inlines[inline]));
      stack.push({ at: { thread, frame, inline }, fields, made: normalize(fields) });
    }
    if (stack.length < MAX_FRAMES) stack.push({ at: { thread, frame }, fields: own, made: normalize(own) });
  }
  return stack;
}

/** Function, file and line are the inlined function's own, where it is loaded is the frame's. */
function inlinedFrame(
  { module, module_offset, offset }: Fields,
  { function: name, file, line }: Fields,
): Fields {
  return { module, module_offset, offset, function: name, file, line };
}
