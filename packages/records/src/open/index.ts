import { join } from "node:path";
import type { Records } from "../records.ts";

export interface RecordsSettings {
  readonly MAYDAY_DATA_DIR: string;
  /** `postgres://…`; where it is empty the records are in a file of SQLite in the data folder. */
  readonly DATABASE_URL: string;
}

/** What a service that starts gives a PostgreSQL that starts too, or recovers from a crash, ms. */
export const SERVICE_WAITS_MS = 60_000;

export interface RecordsOptions {
  readonly now?: () => Date;
  /** Told of connections that break while nobody uses them. */
  readonly onError?: (error: unknown) => void;
  /** How long a PostgreSQL that is away is waited for, ms; services start while it starts. Not at all when unsaid. */
  readonly waitMs?: number;
}

/** Opens the records that the settings name, their schema brought up to date. */
export async function openRecords(settings: RecordsSettings, options: RecordsOptions = {}): Promise<Records> {
  const { now = () => new Date(), onError = () => undefined, waitMs = 0 } = options;
  const url = settings.DATABASE_URL;
  if (url !== "") {
    const { openPostgresRecords } = await import("./postgres.ts");
    return openPostgresRecords(url, now, onError, waitMs);
  }
  const { openSqliteRecords } = await import("./sqlite.ts");
  return openSqliteRecords(join(settings.MAYDAY_DATA_DIR, "records.sqlite"), now);
}
