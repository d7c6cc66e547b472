import type { AuditQuery } from "@mayday/records";
import { type OpenRecords, withRecords } from "./with-records.ts";

export async function auditCommand(options: AuditQuery & { json?: true }, open: OpenRecords): Promise<void> {
  const { json, ...query } = options;
  for (const entry of await withRecords(open, ({ audit }) => audit.list(query))) {
    const { time, who, what, target } = entry;
    console.log(json ? JSON.stringify(entry) : [time.toISOString(), who, what, target].join("  "));
  }
}
