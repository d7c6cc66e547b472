import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SearchDocument } from "@mayday/search";
import type { CrashStorage, ObjectStore } from "@mayday/storage";
import { storedDocuments } from "./stored-documents.ts";

export interface ExportParts {
  readonly storage: CrashStorage;
  readonly objects: Pick<ObjectStore, "putStream">;
  readonly writeParquet: (path: string, batches: AsyncIterable<readonly SearchDocument[]>) => Promise<number>;
}

/** Where the crashes of a day are, as in Socorro's data set `socorro_crash`. */
export const exportKey = (day: string): string => `socorro_crash/v2/crash_date=${day}/crashes.parquet`;

/**
 * Stores the processed crashes of a day as one Parquet file, with what everybody may see. Doing it again replaces it.
 * @param day `YYYYMMDD`
 * @returns how many crashes it has
 */
export async function exportDay(
  day: string,
  { storage, objects, writeParquet }: ExportParts,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "mayday-export-"));
  try {
    const path = join(folder, "crashes.parquet");
    const count = await writeParquet(
      path,
      storedDocuments(storage, day, () => undefined),
    );
    await objects.putStream(exportKey(day), createReadStream(path));
    return count;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
