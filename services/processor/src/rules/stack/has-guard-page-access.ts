import { rule } from "../../rule.ts";
import { listOf, recordOf } from "../../values/json-records.ts";

/** Whether a page was touched that is there to catch what runs over; set only where it was. */
export const hasGuardPageAccess = rule({
  name: "HasGuardPageAccessRule",
  reads: ["json_dump"],
  writes: ["has_guard_page_access"],
  act({ processed }) {
    const accesses = listOf(recordOf(processed.json_dump?.crash_info)["memory_accesses"]);
    if (accesses.some((access) => recordOf(access)["is_likely_guard_page"]))
      processed.has_guard_page_access = true;
  },
});
