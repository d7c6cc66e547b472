import type { CrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { type SearchDocument, searchDocument } from "@mayday/search";
import type { CrashStorage } from "@mayday/storage";

const BATCH = 500;
/** Crashes that are read at once. */
const AT_ONCE = 32;

/**
 * The documents of the processed crashes of a store, in batches.
 * @param day `YYYYMMDD`; all that are stored when undefined
 * @param onSkipped told of crashes that are not processed, or whose processed crash is damaged
 */
export async function* storedDocuments(
  storage: Pick<CrashStorage, "listReports" | "loadProcessed">,
  day: string | undefined,
  onSkipped: (id: CrashId) => void,
): AsyncGenerator<readonly SearchDocument[]> {
  let ids: CrashId[] = [];
  let batch: SearchDocument[] = [];
  const read = async (): Promise<void> => {
    const loaded = await Promise.all(ids.map(async (id) => [id, await documentOf(storage, id)] as const));
    for (const [id, document] of loaded) {
      if (document === undefined) onSkipped(id);
      else batch.push(document);
    }
    ids = [];
  };
  for await (const { id } of storage.listReports(day)) {
    if (ids.push(id) < AT_ONCE) continue;
    await read();
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  await read();
  if (batch.length > 0) yield batch;
}

/** Undefined too for a document that is damaged: one must not cost all others. */
async function documentOf(
  storage: Pick<CrashStorage, "loadProcessed">,
  id: CrashId,
): Promise<SearchDocument | undefined> {
  try {
    const processed = await storage.loadProcessed(id);
    return processed === undefined ? undefined : searchDocument(processed);
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof MaydayError && error.code === "CRASH_ID_INVALID"))
      return undefined;
    throw error;
  }
}
