import { rule } from "../../rule.ts";
import { jsonText } from "../../values/json-text.ts";

const MOST_CHARACTERS = 4096;

/** What went wrong while the client wrote the dump; `null` where the walker says that nothing did. */
export const softErrors = rule({
  name: "SoftErrorsRule",
  reads: ["json_dump"],
  writes: ["soft_errors"],
  act({ processed }) {
    const errors = processed.json_dump?.soft_errors;
    if (errors !== undefined) processed.soft_errors = jsonText(errors).slice(0, MOST_CHARACTERS);
  },
});
