import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayOf } from "@mayday/crash";
import type { Logger } from "@mayday/observability";
import type { Notebook } from "@mayday/queue";
import type { SearchDocument } from "@mayday/search";
import type { CrashStorage, ObjectStore, PingStorage } from "@mayday/storage";
import { storedDocuments, storedPingDocuments } from "./stored-documents.ts";

export interface ExportParts {
  readonly storage: CrashStorage;
  readonly pings: Pick<PingStorage, "listBatches" | "loadProcessed">;
  readonly objects: Pick<ObjectStore, "putStream">;
  readonly writeParquet: (path: string, batches: AsyncIterable<readonly SearchDocument[]>) => Promise<number>;
}

/** Where the crashes of a day are, as in Socorro's data set `socorro_crash`. */
export const exportKey = (day: string): string => `socorro_crash/v2/crash_date=${day}/crashes.parquet`;

/** Where the pings of a day are, beside them; a day without pings has no such file. */
export const pingExportKey = (day: string): string => `crash_ping/v1/ping_date=${day}/pings.parquet`;

/** How many of each a day has. */
export interface Exported {
  readonly crashes: number;
  readonly pings: number;
}

/**
 * Stores the processed crashes of a day as one Parquet file, and its pings as another, with what everybody may see. Doing
 * it again replaces them.
 * @param day `YYYYMMDD`
 */
export async function exportDay(
  day: string,
  { storage, pings, objects, writeParquet }: ExportParts,
): Promise<Exported> {
  const folder = await mkdtemp(join(tmpdir(), "mayday-export-"));
  const ignore = () => undefined;
  try {
    const ofCrashes = join(folder, "crashes.parquet");
    const crashes = await writeParquet(ofCrashes, storedDocuments(storage, day, ignore));
    await objects.putStream(exportKey(day), createReadStream(ofCrashes));
    const ofPings = join(folder, "pings.parquet");
    const count = await writeParquet(ofPings, storedPingDocuments(pings, day, ignore));
    if (count > 0) await objects.putStream(pingExportKey(day), createReadStream(ofPings));
    return { crashes, pings: count };
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
    const exported = await exportDay(dayOf(new Date(day)), parts);
    log.info({ day: dayOf(new Date(day)), ...exported }, "exported");
    await notebook.write(PAGE, { exportedUntil: new Date(day).toISOString() });
  }
}
