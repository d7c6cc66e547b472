import type { ChildProcess } from "node:child_process";

/** Those that live, each with what ends it. */
const running = new Map<ChildProcess, NodeJS.Signals>();
let isWatching = false;

/**
 * Ends a child when this process ends, however a person or a signal ends it: a command that is stopped leaves nothing
 * behind.
 */
export function endWithUs<Child extends ChildProcess>(
  child: Child,
  signal: NodeJS.Signals = "SIGKILL",
): Child {
  running.set(child, signal);
  child.once("exit", () => running.delete(child));
  exitOnSignals();
  return child;
}

/** A signal that ends this process lets its `exit` handlers run. */
export function exitOnSignals(): void {
  if (isWatching) return;
  isWatching = true;
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("exit", () => {
    for (const [child, signal] of running) child.kill(signal);
  });
}
