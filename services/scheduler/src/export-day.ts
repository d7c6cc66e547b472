import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayOf } from "@mayday/crash";
import type { Logger } from "@mayday/observability";
import type { Notebook } from "@mayday/queue";
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

const DAY_MS = 86_400_000;

/** A day is exported so long after its end, ms: by then its crashes are processed. */
const SETTLED_MS = 3_600_000;

/** Days that are made up for at most, after the scheduler did not run. */
const MOST_DAYS = 7;
const PAGE = "export";

/** Exports the days that are over and were not exported yet, the oldest first; remembers the last one. */
export async function exportDays(
  parts: ExportParts & {
    readonly notebook: Pick<Notebook, "read" | "write">;
    readonly log: Logger;
    readonly now: () => Date;
  },
  signal?: AbortSignal,
): Promise<void> {
  const { notebook, log, now } = parts;
  const settled = now().getTime() - SETTLED_MS;
  const last = settled - (settled % DAY_MS) - DAY_MS;
  const { exportedUntil } = await notebook.read(PAGE);
  const first = Date.parse(exportedUntil ?? "") + DAY_MS || last;
  for (let day = Math.max(first, last - MOST_DAYS * DAY_MS); day <= last; day += DAY_MS) {
    if (signal?.aborted) return;
    const crashes = await exportDay(dayOf(new Date(day)), parts);
    log.info({ day: dayOf(new Date(day)), crashes }, "exported");
    await notebook.write(PAGE, { exportedUntil: new Date(day).toISOString() });
  }
}
