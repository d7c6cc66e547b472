import { rule } from "../../rule.ts";
import { listOf, recordOf, stringOf } from "../../values/json-records.ts";
import { listedId, listedName } from "./module-names.ts";

/** As long as a debug id. */
const NO_DEBUG_ID = "0".repeat(33);

/** The modules whose symbols were looked for in vain, as `file/version/debug id/code id`. */
export const missingSymbols = rule({
  name: "MissingSymbolsRule",
  reads: ["json_dump"],
  writes: ["missing_symbols"],
  act({ processed }) {
    const missing = listOf(processed.json_dump?.modules)
      .map(recordOf)
      .filter((module) => module["missing_symbols"] === true)
      .map(({ filename, version, debug_id, code_id }) => {
        const parts = [
          listedName(filename),
          (stringOf(version) || "None").replaceAll("/", "\\/"),
          listedId(debug_id) || NO_DEBUG_ID,
        ];
        const codeId = listedId(code_id);
        return [...parts, ...(codeId === "" ? [] : [codeId])].join("/");
      });
    if (missing.length > 0) processed.missing_symbols = missing.sort().join(";");
  },
});
