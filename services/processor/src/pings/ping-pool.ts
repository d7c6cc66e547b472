import { MaydayError } from "@mayday/errors";
import { Piscina } from "piscina";
import type { ThreadSettings } from "../processing/thread-main.ts";

/** What a thread made of a batch. */
export interface PingsResult {
  /** The processed pings, as they are stored. */
  readonly processed: Uint8Array;
  readonly count: number;
  /** Pings that were in the batch twice. */
  readonly repeated: number;
  /** Lines that are no JSON. */
  readonly damaged: number;
  /** Clients who asked that their data is deleted. */
  readonly deletions: readonly string[];
  /** Names of rules, each time one failed. */
  readonly ruleFailures: readonly string[];
}

export interface PingPool {
  /** @throws {MaydayError} PROCESSING_INTERRUPTED, PROCESSING_FAILED */
  process(batch: Uint8Array): Promise<PingsResult>;
  close(): Promise<void>;
}

/** Threads of their own, so that many pings never hold up reports. */
export function pingPool(options: {
  readonly threads: number;
  readonly timeoutMs: number;
  readonly heapMb: number;
  readonly settings: ThreadSettings;
  readonly onError: (error: Error) => void;
}): PingPool {
  const { threads, timeoutMs, heapMb, settings, onError } = options;
  const pool = new Piscina({
    filename: new URL("./thread-main.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  pool.on("error", onError);
  let closing = false;
  return {
    async process(batch) {
      try {
        return await pool.run(batch, { signal: AbortSignal.timeout(timeoutMs) });
      } catch (cause) {
        if (closing) throw new MaydayError("PROCESSING_INTERRUPTED", undefined, { cause });
        throw new MaydayError("PROCESSING_FAILED", "a batch of pings", { cause });
      }
    },
    async close() {
      closing = true;
      await pool.destroy();
    },
  };
}
