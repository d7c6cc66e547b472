import { rule } from "../../rule.ts";

/** The watchdog that kills a shutdown which hangs is the thread that crashed; what hung is the main thread. */
export const shutdownHangCrashingThread = rule({
  name: "ShutDownHangCrashingThreadRule",
  reads: ["signature"],
  writes: ["crashing_thread"],
  act({ processed }) {
    if (processed.signature?.startsWith("shutdownhang")) processed.crashing_thread = 0;
  },
});
