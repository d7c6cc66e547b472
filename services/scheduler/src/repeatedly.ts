export interface Repeated {
  /** Ends what is being done, and returns when it has. */
  stop(): Promise<void>;
}

/**
 * Does some work at once, and again whenever so much time has passed since it was done.
 * @param everyMs pause between two times, ms
 * @param onError told why a time failed; the next one comes all the same
 */
export function repeatedly(
  work: (time: { readonly isFirst: boolean; readonly signal: AbortSignal }) => Promise<unknown>,
  everyMs: number,
  onError: (error: unknown) => void,
): Repeated {
  const stopping = new AbortController();
  const { signal } = stopping;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void>;
  const run = (isFirst: boolean) => {
    running = work({ isFirst, signal })
      .then(() => undefined, onError)
      .then(() => {
        if (!signal.aborted) timer = setTimeout(run, everyMs, false);
      });
  };
  run(true);
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
