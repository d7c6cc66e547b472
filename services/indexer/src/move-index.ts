import type { Logger } from "@mayday/observability";

const AGAIN_MS = 60_000;

/**
 * Moves a shared index to this version's mapping beside the indexer's work, and tries again every minute while that fails.
 * @param move rejects once its signal is aborted
 */
export function moveIndex(
  move: (signal: AbortSignal) => Promise<readonly string[]>,
  log: Pick<Logger, "info" | "warn">,
  againMs = AGAIN_MS,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const attempt = async (): Promise<void> => {
    try {
      const weeks = await move(stopping.signal);
      if (weeks.length > 0) log.info({ weeks }, "moved to the new mapping");
    } catch (error) {
      if (stopping.signal.aborted) return;
      log.warn({ err: error }, "the index cannot be moved to the new mapping");
      timer = setTimeout(() => {
        last = attempt();
      }, againMs);
    }
  };
  let last = attempt();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await last;
    },
  };
}
