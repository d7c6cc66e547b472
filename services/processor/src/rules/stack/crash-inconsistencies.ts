import { rule } from "../../rule.ts";
import { recordOf } from "../../values/json-records.ts";

/** What in the dump contradicts itself: signs of bad hardware. */
export const crashInconsistencies = rule({
  name: "CrashInconsistenciesRule",
  reads: ["json_dump"],
  writes: ["crash_inconsistencies"],
  act({ processed }) {
    if (processed.json_dump === undefined) return;
    const { crash_inconsistencies: found } = recordOf(processed.json_dump.crash_info);
    processed.crash_inconsistencies = Array.isArray(found)
      ? found.filter((one) => typeof one === "string")
      : null;
  },
});
