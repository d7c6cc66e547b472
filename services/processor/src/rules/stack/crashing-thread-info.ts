import type { AsRead, CrashInfoJson } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { recordOf, stringOf } from "../../values/json-records.ts";

/** Which thread crashed, and of what. */
export const crashingThreadInfo = rule({
  name: "CrashingThreadInfoRule",
  reads: ["json_dump"],
  writes: ["crashing_thread", "crashing_thread_name", "reason", "address", "last_error_value"],
  act({ processed, notes }) {
    if (processed.json_dump === undefined) return;
    const { crash_info, crashing_thread } = recordOf(processed.json_dump);
    const info = recordOf(crash_info);
    const thread = recordOf(crashing_thread);
    const index = info["crashing_thread"];
    processed.crashing_thread = typeof index === "number" ? index : null;
    if (processed.crashing_thread === null) notes.push("mdsw did not identify the crashing thread");
    processed.crashing_thread_name = stringOf(thread["thread_name"]) ?? null;
    const lastError = stringOf(thread["last_error_value"]);
    if (lastError !== undefined) processed.last_error_value = lastError;
    // Absent and null are told apart: a search for "" finds the first.
    processed.reason = info["type"] === undefined ? "" : (stringOf(info["type"]) ?? null);
    processed.address = addressOf(info);
  },
});

/** The address that was meant: a null pointer's is the offset into what was thought to be there. */
function addressOf(info: AsRead<CrashInfoJson>): string | null {
  const address = stringOf(info["address"]);
  const adjusted = recordOf(info["adjusted_address"]);
  if (adjusted["kind"] === "null-pointer")
    return `0x${"0".repeat((address?.length ?? 0) > "0x".length + 8 ? 16 : 8)}`;
  if (adjusted["kind"] === "non-canonical") return stringOf(adjusted["address"]) ?? address ?? null;
  return address ?? null;
}
