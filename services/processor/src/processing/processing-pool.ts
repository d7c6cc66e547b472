import { MAIN_DUMP } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { closeObject } from "@mayday/storage";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { OpenDumps } from "../open-dumps.ts";
import { transferable } from "./dump-memory.ts";
import type { Processing, ProcessingRequest, ProcessingResult } from "./processing.ts";
import type { ThreadSettings } from "./thread-main.ts";
import type { ThreadRequest, Walks } from "./walks-of-a-thread.ts";

export interface ProcessingPoolOptions {
  readonly threads: number;
  /** Processing that takes longer is stopped, ms. */
  readonly timeoutMs: number;
  /** JavaScript heap of a thread, MiB. Symcaches and dumps lie outside of it. */
  readonly heapMb: number;
  readonly settings: Omit<ThreadSettings, "fetchMs" | "limitMs">;
  readonly onError: (error: Error) => void;
}

/** The share of a walk's time in which it fetches symbols: the rest is left to walk with those it has. */
export const FETCH_SHARE = 0.75;

/** Look-ups make much short-lived garbage: without a limit its share of the heap grows to 130 MB a thread. */
const YOUNG_HEAP_MB = 24;

/**
 * Processes in threads, so that queue locks are renewed meanwhile, and so that it can be stopped: a thread that takes too
 * long or too much memory is ended, and its crash is processed without the walk, and says so. A thread gives back the
 * bytes that are stored: documents are large, and nobody else need read them.
 */
export function processingPool(options: ProcessingPoolOptions): Processing {
  const { threads, timeoutMs, heapMb, settings, onError } = options;
  const pool = new Piscina({
    filename: new URL("./thread-main.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: {
      ...settings,
      limitMs: timeoutMs,
      fetchMs: timeoutMs * FETCH_SHARE,
    } satisfies ThreadSettings,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
  });
  // A thread that fails while it has nothing to do; the pool starts another one.
  pool.on("error", onError);
  // Not more work than threads, so that the time limit is the crash's own and not its wait's.
  const turn = pLimit(threads);
  let closing = false;

  /** What a thread made, or why it ended. */
  async function runOnce(
    request: ThreadRequest,
  ): Promise<ProcessingResult | { status: string; why: string }> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeoutMs);
    try {
      return await pool.run(request, { signal: stop.signal, transferList: transferable(request.dumps) });
    } catch (error) {
      // Work that a stop cut off says nothing of its crash.
      if (closing) throw new MaydayError("PROCESSING_INTERRUPTED", undefined, { cause: error });
      if (error instanceof SyntaxError) throw error;
      if (stop.signal.aborted)
        return {
          status: "Timeout",
          why: `walking took longer than ${Math.round(timeoutMs)} ms and was stopped`,
        };
      // The thread ran out of memory or met a fault of ours; the crash is still worth having.
      const message = error instanceof Error ? error.message : String(error);
      return { status: "WalkerDied", why: `walking failed: ${message}` };
    } finally {
      clearTimeout(timer);
    }
  }

  async function process(request: ProcessingRequest): Promise<ProcessingResult> {
    let walks: Walks = { of: "all" };
    for (;;) {
      const dumps = await request.dumps();
      const names = [...dumps.keys()];
      const result = await runOnce({ ...request, dumps, walks }).finally(() => closeFiles(dumps));
      if ("processed" in result) return result;
      onError(new Error(`${request.crashId}: ${result.why}`));
      // Without any walk it was not the walk.
      if (walks.of === "none") throw new MaydayError("PROCESSING_FAILED", result.status);
      walks = { of: walks.of === "all" && hasFurtherDumps(names) ? "the main dump" : "none", ...result };
    }
  }

  return {
    process: (request) => turn(() => process(request)),
    async close() {
      closing = true;
      await pool.destroy();
    },
  };
}

/** Those in memory are the thread's. */
async function closeFiles(dumps: OpenDumps): Promise<void> {
  await Promise.all([...dumps.values()].map(closeObject));
}

/** Whether another dump than the main one may have ended the thread. */
function hasFurtherDumps(names: readonly string[]): boolean {
  return names.some((name) => name !== MAIN_DUMP && name.startsWith(MAIN_DUMP));
}
