/** How long a place that was there is taken to be there, ms. */
const KNOWN_MS = 5000;

/**
 * Asks by `check` whether a store's place is there, but not again soon after it was: who looks for many objects that
 * are absent would else ask twice for each.
 */
export function knownForAWhile(check: () => Promise<unknown>): () => Promise<void> {
  let knownUntil = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() < knownUntil) return;
    await check();
    knownUntil = performance.now() + KNOWN_MS;
  };
}
