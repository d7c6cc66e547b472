import { resolve } from "node:path";
import type { Usage } from "@mayday/records";
import { type OpenRecords, withRecords } from "./with-records.ts";

/** Reads a file of usage. */
export type ReadUsage = (path: string) => Promise<readonly Usage[]>;

/** Takes how much products were used into the records; what is told of a day again takes its place. */
export async function importUsage(file: string, open: OpenRecords, read: ReadUsage): Promise<void> {
  const rows = await read(resolve(file));
  const told = await withRecords(open, (records) => records.usage.put(rows));
  const days = new Set(rows.map(({ day }) => day));
  console.log(`${told} rows of ${days.size} days`);
}
