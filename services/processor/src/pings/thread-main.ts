import { workerData } from "node:worker_threads";
import { openRecords, SERVICE_WAITS_MS } from "@mayday/records/open";
import { signatureMaker } from "@mayday/signature";
import { compressedLines, createSymbolStorage, linesOf, type StoredPing } from "@mayday/storage";
import { openSymbolObjects } from "@mayday/storage/open";
import { retryDamaged } from "@mayday/symbols";
import type { ThreadSettings } from "../processing/thread-main.ts";
import { threadSupply } from "../processing/thread-supply.ts";
import { versionFinder } from "../versions/version-finder.ts";
import { budgetedFind } from "../walker/budgeted-find.ts";
import type { PingsResult } from "./ping-pool.ts";
import { processPings } from "./process-pings.ts";

const settings = workerData as ThreadSettings;
const symbols = createSymbolStorage(await openSymbolObjects(settings.symbolStore));
const supply = threadSupply(settings, symbols);
const makeSignature = await signatureMaker(settings.SIGNATURE_LISTS, settings.SIGNATURE_SWITCHES);
const records = await openRecords(settings, { waitMs: SERVICE_WAITS_MS });
const findVersion = await versionFinder(settings, records.releases);

/** The task of a thread that processes pings: a batch as it is stored, to a batch as it is stored. */
export default async function pingsInThread(stored: Uint8Array): Promise<PingsResult> {
  const lines = await linesOf(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength));
  const pings = lines.flatMap(pingIn);
  const find = budgetedFind(supply, { fetchMs: settings.fetchMs, bytes: settings.fetchBytes });
  const { processed, repeated, deletions, ruleFailures } = await retryDamaged(() =>
    processPings(pings, { find, makeSignature, findVersion }),
  );
  return {
    processed: compressedLines(processed.map((ping) => Buffer.from(JSON.stringify(ping)))),
    count: processed.length,
    repeated,
    damaged: lines.length - pings.length,
    deletions,
    ruleFailures: ruleFailures.map(({ rule }) => rule),
  };
}

function pingIn(line: string): StoredPing[] {
  try {
    return [JSON.parse(line) as StoredPing];
  } catch {
    return [];
  }
}
