import { type CrashId, type ProcessedCrash, parseExactJson, type RawCrash } from "@mayday/crash";
import type { CrashStorage } from "@mayday/storage";

/** The raw crash with the digits its client sent; undefined when none is stored. */
export async function exactRawCrash(storage: CrashStorage, id: CrashId): Promise<RawCrash | undefined> {
  const text = await storage.loadRawCrashText(id);
  return text === undefined ? undefined : (parseExactJson(text) as RawCrash);
}

/** The processed crash with the digits that are stored; undefined when none is. */
export async function exactProcessedCrash(
  storage: CrashStorage,
  id: CrashId,
): Promise<ProcessedCrash | undefined> {
  const text = await storage.loadProcessedText(id);
  return text === undefined ? undefined : (parseExactJson(text) as ProcessedCrash);
}
