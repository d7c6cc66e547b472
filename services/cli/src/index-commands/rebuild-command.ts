import { rename, rm } from "node:fs/promises";
import { storedDocuments, storedPingDocuments } from "@mayday/scheduler";
import type { SearchDocument, SearchEngine } from "@mayday/search";
import type { CrashStorage, PingStorage } from "@mayday/storage";
import { progressOn } from "../progress.ts";

export interface RebuildParts {
  readonly storage: CrashStorage;
  readonly pings: Pick<PingStorage, "listBatches" | "loadProcessed">;
  /** Opens an index: the embedded one in this file, which is made when absent. */
  readonly openFile: (path: string) => Promise<SearchEngine>;
  /** The index of several processes; undefined where the embedded one is used. */
  readonly shared: SearchEngine | undefined;
  /** The embedded index's file. */
  readonly path: string;
}

export interface Rebuilt {
  readonly crashes: number;
  /** Reports that have no processed crash that can be read. */
  readonly skipped: number;
  /** A ping that was sent again counts each time. */
  readonly pings: number;
  /** Batches of pings that are not processed. */
  readonly skippedBatches: number;
}

/**
 * Builds the search index anew from storage. The embedded one is built beside the old one, which stays until the new one
 * is whole; nobody else may have it open. One that is shared is filled again while it is used.
 * @throws MaydayError SEARCH_UNAVAILABLE while a Mayday has the embedded index open
 */
export async function rebuildIndex(parts: RebuildParts): Promise<Rebuilt> {
  const { openFile, shared, path } = parts;
  if (shared !== undefined) return fill(shared, parts);
  // Whoever holds the old one keeps others from it.
  const old = await openFile(path);
  const beside = `${path}.new`;
  try {
    await removeIndex(beside);
    const engine = await openFile(beside);
    const rebuilt = await fill(engine, parts).finally(() => engine.close());
    await old.close();
    // Without its own log the new file must not meet that of the old one.
    await rm(`${path}.wal`, { force: true });
    await rename(beside, path);
    return rebuilt;
  } catch (error) {
    await removeIndex(beside);
    throw error;
  } finally {
    await old.close();
  }
}

async function removeIndex(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), rm(`${path}.wal`, { force: true })]);
}

async function fill(
  engine: SearchEngine,
  { storage, pings }: Pick<RebuildParts, "storage" | "pings">,
): Promise<Rebuilt> {
  let [skipped, skippedBatches] = [0, 0];
  const crashes = await add(
    engine,
    storedDocuments(storage, undefined, () => skipped++),
    "crashes",
  );
  const ofPings = storedPingDocuments(pings, undefined, () => skippedBatches++);
  return { crashes, skipped, pings: await add(engine, ofPings, "pings"), skippedBatches };
}

/** Says how many there are of these things. */
async function add(
  engine: SearchEngine,
  batches: AsyncIterable<readonly SearchDocument[]>,
  things: string,
): Promise<number> {
  let count = 0;
  const progress = progressOn(process.stderr, (done) => `${done} ${things} indexed`);
  for await (const documents of batches) {
    await engine.add(documents);
    count += documents.length;
    progress.add(documents.length);
  }
  progress.end();
  return count;
}
