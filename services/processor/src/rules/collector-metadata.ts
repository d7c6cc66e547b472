import { MAIN_DUMP } from "@mayday/crash";
import type { Rule } from "../rule.ts";

/** Keeps what the collector said of the submission, and the checksum that joins a report to its crash ping. */
export const collectorMetadata: Rule = {
  name: "CollectorMetadata",
  act({ raw, processed }) {
    const metadata = (raw["metadata"] ?? {}) as { dump_checksums?: Record<string, string> };
    processed.collector_metadata = metadata;
    processed.minidump_sha256_hash = metadata.dump_checksums?.[MAIN_DUMP] ?? "";
  },
};
