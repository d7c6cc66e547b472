import type { CrashId, ProcessedCrash } from "@mayday/crash";
import { crashDataOf } from "@mayday/signature";
import type { CrashStorage } from "@mayday/storage";
import type { CrashSource, NamedCrash } from "./crash-source.ts";

/** Crashes that are read at once. */
const CHUNK = 64;

/**
 * The processed crashes of a store.
 * @param ids which of them; all that are stored when absent
 * @param sample at most so many, the same ones every time
 */
export async function storedCrashes(
  storage: CrashStorage,
  { ids, sample }: { readonly ids?: AsyncIterable<CrashId>; readonly sample?: number },
): Promise<CrashSource> {
  const chosen = await choose(ids ?? storedIds(storage), sample ?? Number.POSITIVE_INFINITY);
  let skipped = 0;
  async function* crashes(): AsyncIterable<NamedCrash> {
    let coming = load(storage, chosen.slice(0, CHUNK));
    for (let at = CHUNK; at < chosen.length + CHUNK; at += CHUNK) {
      const loaded = await coming;
      // The next ones are read while these are worked on.
      coming = load(storage, chosen.slice(at, at + CHUNK));
      for (const { id, processed } of loaded) {
        if (processed === undefined) skipped += 1;
        else yield { name: id, crash: crashDataOf(processed) };
      }
    }
  }
  return { crashes: crashes(), total: chosen.length, skipped: () => skipped };
}

async function* storedIds(storage: CrashStorage): AsyncIterable<CrashId> {
  for await (const { id } of storage.listReports()) yield id;
}

/**
 * A fair sample: the ids that are smallest as texts, since they begin with chance. Never holds more than twice as
 * many as are asked for.
 */
async function choose(ids: AsyncIterable<CrashId>, count: number): Promise<CrashId[]> {
  let chosen = new Set<CrashId>();
  for await (const id of ids) {
    chosen.add(id);
    if (chosen.size >= 2 * count) chosen = new Set([...chosen].sort().slice(0, count));
  }
  return [...chosen].sort().slice(0, count);
}

function load(storage: CrashStorage, ids: readonly CrashId[]) {
  const loading = Promise.all(ids.map(async (id) => ({ id, processed: await readableCrash(storage, id) })));
  // It is waited for later: until then a failure must not look like one that nobody handles.
  loading.catch(() => undefined);
  return loading;
}

/** Undefined too for a document that is damaged: one must not cost all others. */
async function readableCrash(storage: CrashStorage, id: CrashId): Promise<ProcessedCrash | undefined> {
  try {
    return await storage.loadProcessed(id);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
