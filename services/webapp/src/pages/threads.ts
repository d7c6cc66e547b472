import type { AsRead, StackJson, ThreadJson } from "@mayday/crash";
import { indexOf, recordOf, recordsOf, textOf } from "./stored-json.ts";

export interface ThreadView {
  /** Its place in the dump. */
  readonly index: number | undefined;
  readonly name: string;
  /** How many frames the walk found; more than are shown when the stack was cut. */
  readonly frameCount: number;
  readonly thread: AsRead<ThreadJson>;
}

/** The threads of a walked dump: the one that crashed, when that is known, and the others in the dump's order. */
export function threadsOf(jsonDump: AsRead<StackJson>): {
  crashed: ThreadView | undefined;
  others: readonly ThreadView[];
} {
  const threads = recordsOf(jsonDump["threads"]).map(viewOf);
  const index = indexOf(recordOf(jsonDump["crash_info"])["crashing_thread"]);
  const others = threads.filter((thread) => thread.index !== index);
  const listed = threads.find((thread) => thread.index === index);
  const copy = recordOf(jsonDump["crashing_thread"]);
  const crashed = listed ?? (Object.keys(copy).length === 0 ? undefined : viewOf(copy, index));
  return { crashed, others };
}

function viewOf(thread: AsRead<ThreadJson>, index: number | undefined): ThreadView {
  return {
    index,
    name: textOf(thread["thread_name"]),
    frameCount: indexOf(thread["frame_count"]) ?? recordsOf(thread["frames"]).length,
    thread,
  };
}

/** `Thread 2, Renderer`. */
export function threadTitle({ index, name }: ThreadView): string {
  return `Thread ${index ?? "?"}${name === "" ? "" : `, ${name}`}`;
}
