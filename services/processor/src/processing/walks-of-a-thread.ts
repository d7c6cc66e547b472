import { MAIN_DUMP } from "@mayday/crash";
import { failedWalk, type Walker } from "../walker/walker.ts";
import type { LoadedRequest } from "./processing.ts";

/** What a thread is asked: where a walk ended another thread before, fewer walks. */
export interface ThreadRequest extends LoadedRequest {
  readonly walks: Walks;
}

/** Which dumps are walked; for the others, what a walk came to that was ended. */
export type Walks =
  | { readonly of: "all" }
  | { readonly of: "the main dump" | "none"; readonly status: string; readonly why: string };

/** A walker of those dumps; of the others it says why they are not walked. */
export function walkerFor(walks: Walks, walk: Walker["walk"], limitMs: number): Walker {
  return {
    limitMs,
    async walk(request) {
      if (request.limitMs !== undefined && request.limitMs <= 0)
        return failedWalk("Timeout", "the crash's other dumps took all the time there is");
      const isAsked = walks.of === "all" || (walks.of === "the main dump" && request.name === MAIN_DUMP);
      return isAsked ? walk(request) : failedWalk(walks.status, walks.why);
    },
  };
}
