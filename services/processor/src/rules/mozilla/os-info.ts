import { rule } from "../../rule.ts";
import { trimmed } from "../../values/annotation-text.ts";
import { recordOf, stringOf } from "../../values/json-records.ts";

/** The operating system, as the dump tells. */
export const osInfo = rule({
  name: "OSInfoRule",
  reads: ["json_dump"],
  writes: ["os_name", "os_version"],
  act({ processed }) {
    const { os, os_ver } = recordOf(processed.json_dump?.system_info);
    processed.os_name = trimmed(stringOf(os) ?? "Unknown");
    processed.os_version = trimmed(stringOf(os_ver) ?? "");
  },
});
