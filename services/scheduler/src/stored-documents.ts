import type { CrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { pingDocument, type SearchDocument, searchDocument } from "@mayday/search";
import type { CrashStorage, PingStorage } from "@mayday/storage";

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

/**
 * The documents of the processed pings of a store, in batches, those of the earliest days first: of a ping that was sent
 * again the last one is the index's.
 * @param day `YYYYMMDD`; all that are stored when undefined
 * @param onSkipped told of each batch that is not processed
 */
export async function* storedPingDocuments(
  pings: Pick<PingStorage, "listBatches" | "loadProcessed">,
  day: string | undefined,
  onSkipped: () => void,
): AsyncGenerator<readonly SearchDocument[]> {
  const batches = await Array.fromAsync(pings.listBatches(day));
  const inOrder = batches.sort(
    (a, b) => a.day.localeCompare(b.day) || a.savedAt.getTime() - b.savedAt.getTime(),
  );
  for (const batch of inOrder) {
    const processed = await pings.loadProcessed(batch);
    if (processed === undefined) onSkipped();
    else
      for (let at = 0; at < processed.length; at += BATCH)
        yield processed.slice(at, at + BATCH).map(pingDocument);
  }
}
