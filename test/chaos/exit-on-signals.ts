let isWatching = false;

/** A signal that ends this process lets its `exit` handlers run, which end what it has started. */
export function exitOnSignals(): void {
  if (isWatching) return;
  isWatching = true;
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}
