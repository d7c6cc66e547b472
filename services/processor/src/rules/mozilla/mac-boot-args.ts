import { rule } from "../../rule.ts";
import { trimmed } from "../../values/annotation-text.ts";

/** The arguments macOS was started with: some make it less safe, and crashes likelier. */
export const macBootArgs = rule({
  name: "MacBootArgsRule",
  reads: ["json_dump"],
  writes: ["mac_boot_args", "has_mac_boot_args"],
  act({ processed, notes }) {
    const args: unknown = processed.json_dump?.mac_boot_args;
    if (args === undefined || args === null) return;
    if (typeof args !== "string") {
      notes.push("MacBootArgsRule: mac_boot_args is not str");
      return;
    }
    if (trimmed(args) === "") return;
    processed.mac_boot_args = trimmed(args);
    processed.has_mac_boot_args = true;
  },
});
