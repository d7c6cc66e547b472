import { Piscina } from "piscina";
import type { ThreadSettings } from "./thread-main.ts";
import type { Walker, WalkOutcome, WalkRequest } from "./walker.ts";

export interface WalkerPoolOptions {
  readonly threads: number;
  /** A walk that takes longer is stopped, ms. */
  readonly timeoutMs: number;
  /** JavaScript heap of a thread, MiB. Symcaches and dumps lie outside of it. */
  readonly heapMb: number;
  readonly settings: ThreadSettings;
}

/**
 * Walks in threads, so that queue locks are renewed meanwhile, and so that a walk can be stopped: a thread that
 * takes too long or too much memory is ended, and its crash gets a note.
 */
export function walkerPool({ threads, timeoutMs, heapMb, settings }: WalkerPoolOptions): Walker {
  const pool = new Piscina({
    filename: new URL("./thread-main.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  return {
    walk: (request) => walkOnce(pool, request, timeoutMs),
    close: () => pool.close(),
  };
}

async function walkOnce(pool: Piscina, request: WalkRequest, timeoutMs: number): Promise<WalkOutcome> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  try {
    return await pool.run(request, { signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted)
      return failed("Timeout", `walking took longer than ${timeoutMs} ms and was stopped`);
    // The thread ran out of memory or met a fault of ours; the crash is still worth having.
    return failed("WalkerDied", `walking failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function failed(status: string, note: string): WalkOutcome {
  return { status, jsonDump: undefined, notes: [note], symbolEvents: {} };
}
