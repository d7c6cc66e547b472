import { setTimeout } from "node:timers/promises";
import type { DebugInfo } from "@mayday/symbols";
import { Piscina } from "piscina";

/** Puts symcaches into the machine's folder while their texts answer. */
export interface BehindBuilder {
  /** Rejects when none comes of it. */
  build(module: DebugInfo): Promise<void>;
  close(): Promise<void>;
}

/** What was asked is answered first, ms. */
const AFTER_MS = 1000;

/** How long the thread stays without work, ms. */
const IDLE_MS = 30_000;

/**
 * Builds in one thread of low priority: nobody waits for it, and the processor is for those who do. A module that is
 * being built is not begun again.
 * @param settings those that say where symbols are, and of the symbol store
 */
export function behindThread(settings: Readonly<Record<string, unknown>>): BehindBuilder {
  const pool = new Piscina({
    filename: new URL("./thread-main.ts", import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    workerData: settings,
  });
  // A thread that fails while it has nothing to do; the pool starts another one.
  pool.on("error", () => undefined);
  const later = () => setTimeout(AFTER_MS, undefined, { ref: false });
  const building = new Map<string, Promise<void>>();
  return {
    build(module) {
      const name = `${module.debugFile}/${module.debugId}`;
      const begun =
        building.get(name) ??
        later()
          .then(() => pool.run(module) as Promise<void>)
          .finally(() => building.delete(name));
      building.set(name, begun);
      return begun;
    },
    close: () => pool.destroy(),
  };
}
