import type { Settings } from "@mayday/config";
import type { Moving } from "../moving/mover-thread.ts";
import type { collectorSettings } from "../settings.ts";
import type { KeptBatch } from "./pack-keeper.ts";

/** Lets what is in packs be found. @param settings what the thread is started with */
export function movingBatches(settings: Settings<typeof collectorSettings>): Moving<KeptBatch, KeptBatch> {
  return {
    program: new URL("./thread-main.ts", import.meta.url),
    startedWith: settings,
    sent: (kept) => kept,
    entriesIn: ({ entries }) => entries.length,
    onMoved: async () => undefined,
    onDamaged: () => undefined,
  };
}
