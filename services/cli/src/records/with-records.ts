import { readSettings } from "@mayday/config";
import type { Records } from "@mayday/records";
import { recordsSettings } from "./settings.ts";

/** Opens the records that the settings name. */
export type OpenRecords = (settings: { MAYDAY_DATA_DIR: string; DATABASE_URL: string }) => Promise<Records>;

/** Opens the records for as long as `use` takes. */
export async function withRecords<T>(open: OpenRecords, use: (records: Records) => Promise<T>): Promise<T> {
  const records = await open(readSettings(recordsSettings, process.env));
  try {
    return await use(records);
  } finally {
    await records.close();
  }
}
