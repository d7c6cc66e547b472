import { MaydayError } from "@mayday/errors";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { ThreadSettings } from "./thread-main.ts";
import { failedWalk, type Walker, type WalkOutcome, type WalkRequest } from "./walker.ts";

export interface WalkerPoolOptions {
  readonly threads: number;
  /** A walk that takes longer is stopped, ms. */
  readonly timeoutMs: number;
  /** JavaScript heap of a thread, MiB. Symcaches and dumps lie outside of it. */
  readonly heapMb: number;
  readonly settings: Omit<ThreadSettings, "fetchMs">;
  readonly onError: (error: Error) => void;
}

/** The share of a walk's time in which it fetches symbols: the rest is left to walk with those it has. */
const FETCH_SHARE = 0.75;

/** Look-ups make much short-lived garbage: without a limit its share of the heap grows to 130 MB a thread. */
const YOUNG_HEAP_MB = 24;

/**
 * Walks in threads, so that queue locks are renewed meanwhile, and so that a walk can be stopped: a thread that
 * takes too long or too much memory is ended, and its crash gets a note.
 */
export function walkerPool({ threads, timeoutMs, heapMb, settings, onError }: WalkerPoolOptions): Walker {
  const pool = new Piscina({
    filename: new URL("./thread-main.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: { ...settings, fetchMs: timeoutMs * FETCH_SHARE } satisfies ThreadSettings,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
  });
  // A thread that fails while it has nothing to do; the pool starts another one.
  pool.on("error", onError);
  // Not more walks than threads, so that the time limit is the walk's own and not its wait's.
  const turn = pLimit(threads);
  let closing = false;

  async function walkOnce(request: WalkRequest): Promise<WalkOutcome> {
    const stop = new AbortController();
    const limitMs = Math.min(timeoutMs, request.limitMs ?? timeoutMs);
    if (limitMs <= 0) return failedWalk("Timeout", "the crash's other dumps took all the time there is");
    const timer = setTimeout(() => stop.abort(), limitMs);
    try {
      return await pool.run(request, { signal: stop.signal });
    } catch (error) {
      // A walk that a stop cut off says nothing of its crash.
      if (closing) throw new MaydayError("PROCESSING_INTERRUPTED", undefined, { cause: error });
      if (stop.signal.aborted) {
        return failedWalk("Timeout", `walking took longer than ${Math.round(limitMs)} ms and was stopped`);
      }
      // The thread ran out of memory or met a fault of ours; the crash is still worth having.
      return failedWalk(
        "WalkerDied",
        `walking failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    limitMs: timeoutMs,
    walk: (request) => turn(() => walkOnce(request)),
    async close() {
      closing = true;
      await pool.destroy();
    },
  };
}
