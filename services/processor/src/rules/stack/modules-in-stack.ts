import { rule } from "../../rule.ts";
import { crashingFrames } from "../../stack/crashing-frames.ts";
import { listOf, recordOf, stringOf } from "../../values/json-records.ts";
import { listedId, listedName } from "./module-names.ts";

/** The modules of the crashing stack as `file/debug id`, so that crashes which need a module's symbols can be found. */
export const modulesInStack = rule({
  name: "ModulesInStackRule",
  reads: ["json_dump"],
  writes: ["modules_in_stack"],
  act({ processed }) {
    const onStack = new Set(
      crashingFrames(processed.json_dump).flatMap((frame) => stringOf(recordOf(frame)["module"]) || []),
    );
    const modules = listOf(processed.json_dump?.modules)
      .map(recordOf)
      .filter(({ filename }) => onStack.has(filename as string))
      .map(({ filename, debug_id }) => `${listedName(filename)}/${listedId(debug_id)}`);
    if (modules.length > 0) processed.modules_in_stack = [...new Set(modules)].sort().join(";");
  },
});
