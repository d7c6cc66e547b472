import { rename, rm } from "node:fs/promises";
import { storedDocuments } from "@mayday/scheduler";
import type { SearchEngine } from "@mayday/search";
import type { CrashStorage } from "@mayday/storage";
import { progressOn } from "../progress.ts";

export interface RebuildParts {
  readonly storage: CrashStorage;
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
}

/**
 * Builds the search index anew from storage. The embedded one is built beside the old one, which stays until the new one
 * is whole; nobody else may have it open. One that is shared is filled again while it is used.
 * @throws MaydayError SEARCH_UNAVAILABLE while a Mayday has the embedded index open
 */
export async function rebuildIndex({ storage, openFile, shared, path }: RebuildParts): Promise<Rebuilt> {
  if (shared !== undefined) return fill(shared, storage);
  // Whoever holds the old one keeps others from it.
  const old = await openFile(path);
  const beside = `${path}.new`;
  try {
    await removeIndex(beside);
    const engine = await openFile(beside);
    const rebuilt = await fill(engine, storage).finally(() => engine.close());
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

async function fill(engine: SearchEngine, storage: CrashStorage): Promise<Rebuilt> {
  let [crashes, skipped] = [0, 0];
  const progress = progressOn(process.stderr, (done) => `${done} crashes indexed`);
  for await (const documents of storedDocuments(storage, undefined, () => skipped++)) {
    await engine.add(documents);
    crashes += documents.length;
    progress.add(documents.length);
  }
  progress.end();
  return { crashes, skipped };
}
