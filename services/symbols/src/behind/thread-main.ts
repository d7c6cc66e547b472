import { setPriority } from "node:os";
import { workerData } from "node:worker_threads";
import { openSymbolObjects, type SymbolStoreSettings } from "@mayday/storage/open";
import { createSymbolSupply, type DebugInfo, type SupplyEvent } from "@mayday/symbols";
import { keptSymcaches, type SourceSettings, sourcesOf, storagesOf } from "../sources.ts";

/** As nice as a background task is. */
const PRIORITY = 10;

// Of this thread alone, on Linux.
setPriority(PRIORITY);

const settings = workerData as SourceSettings & SymbolStoreSettings;
const storages = storagesOf(await openSymbolObjects(settings));
let last: { event: SupplyEvent; why: string | undefined } | undefined;
const supply = createSymbolSupply({
  sources: sourcesOf(settings, storages),
  folder: keptSymcaches(settings),
  memoryBytes: 1,
  missesLastMs: 0,
  now: Date.now,
  onEvent: (event, _module, why) => {
    last = { event, why };
  },
});

/** The task of the thread that builds behind answers. */
export default async function buildBehind(module: DebugInfo): Promise<void> {
  const { kind } = await supply.get(module);
  if (kind !== "found" || last?.event === "unsaved") throw new Error(last?.why ?? kind);
}
