import { isExactNumber } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { recordOf } from "../../values/json-records.ts";
import { jsonText } from "../../values/json-text.ts";

/** What macOS' libraries said about the crash, as JSON text. */
export const macCrashInfo = rule({
  name: "MacCrashInfoRule",
  reads: ["json_dump"],
  writes: ["mac_crash_info"],
  act({ processed }) {
    const info = processed.json_dump?.mac_crash_info;
    const { num_records: count } = recordOf(info);
    const number = isExactNumber(count) ? Number(count.rawJSON) : count;
    if (typeof number === "number" && number > 0)
      processed.mac_crash_info = jsonText(info, { sortKeys: true });
  },
});
