import { MAIN_DUMP } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { recordOf, stringOf } from "../../values/json-records.ts";

/** The checksum that joins a report to its crash ping. */
export const minidumpSha256Hash = rule({
  name: "MinidumpSha256HashRule",
  annotations: ["metadata"],
  writes: ["minidump_sha256_hash"],
  act({ raw, processed }) {
    const checksums = recordOf(recordOf(raw.metadata)["dump_checksums"]);
    processed.minidump_sha256_hash = stringOf(checksums[MAIN_DUMP]) ?? "";
  },
});
