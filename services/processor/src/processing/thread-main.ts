import { workerData } from "node:worker_threads";
import { openRecords, SERVICE_WAITS_MS } from "@mayday/records/open";
import { signatureMaker } from "@mayday/signature";
import { createSymbolStorage } from "@mayday/storage";
import { openSymbolObjects, type SymbolStoreSettings } from "@mayday/storage/open";
import type { FindSymbols } from "@mayday/symbols";
import { type VersionSettings, versionFinder } from "../versions/version-finder.ts";
import { budgetedFind } from "../walker/budgeted-find.ts";
import { MAX_MODULES } from "../walker/symbol-budget.ts";
import { walkDump } from "../walker/walk-dump.ts";
import type { WalkRequest } from "../walker/walker.ts";
import { letGo } from "./dump-memory.ts";
import { processReport } from "./process-report.ts";
import type { ProcessingResult } from "./processing.ts";
import { type SupplySettings, threadSupply } from "./thread-supply.ts";
import { type ThreadRequest, type Walks, walkerFor } from "./walks-of-a-thread.ts";

/** What a processing thread is given when it starts. */
export interface ThreadSettings extends VersionSettings, SupplySettings {
  readonly symbolStore: SymbolStoreSettings;
  readonly DATABASE_URL: string;
  readonly SIGNATURE_LISTS: string;
  readonly SIGNATURE_SWITCHES: readonly string[];
  /** How long all walks of a crash may take, ms. */
  readonly limitMs: number;
  /** How long a walk fetches symbols before it goes on without, ms. */
  readonly fetchMs: number;
  /** How many bytes of symbols a walk may read from their sources. */
  readonly fetchBytes: number;
}

/** How long symbols are fetched of addresses beside the walks, ms: their modules are nearly always those of the walks. */
const MOST_FETCH_MS = 5000;

const settings = workerData as ThreadSettings;
let events: Record<string, number> = {};
const stored = createSymbolStorage(await openSymbolObjects(settings.symbolStore));
const supply = threadSupply(settings, stored, (event) => {
  events[event] = (events[event] ?? 0) + 1;
});
const makeSignature = await signatureMaker(settings.SIGNATURE_LISTS, settings.SIGNATURE_SWITCHES);
const records = await openRecords(settings, { waitMs: SERVICE_WAITS_MS });
const findVersion = await versionFinder(settings, records.releases);

async function walk(request: WalkRequest) {
  events = {};
  const budget = { fetchMs: settings.fetchMs, modules: MAX_MODULES, bytes: settings.fetchBytes };
  const outcome = await walkDump(request, supply, budget);
  return { ...outcome, symbolEvents: events };
}

/** Symbols beside those of the walks. Where a thread was ended before, there are none: they may have been why. */
function symbolsFor({ of }: Walks): FindSymbols {
  if (of !== "all") return async () => ({ kind: "missing", why: "the crash ended a thread before" });
  const fetchMs = Math.min(settings.fetchMs, MOST_FETCH_MS);
  return budgetedFind(supply, { fetchMs, bytes: settings.fetchBytes });
}

/** The task of a processing thread. A thread processes one crash at a time. */
export default async function processInThread({
  walks,
  ...request
}: ThreadRequest): Promise<ProcessingResult> {
  const walker = walkerFor(walks, walk, settings.limitMs);
  const find = symbolsFor(walks);
  try {
    return await processReport(request, { walker, makeSignature, findVersion, find }, () => new Date());
  } finally {
    for (const dump of request.dumps.values()) letGo(dump);
  }
}
