import { dumpOf } from "../json-dump.ts";
import type { Rule } from "../rule.ts";

const MOST_CHARACTERS = 4096;

/** What went wrong while the client wrote the dump. */
export const softErrors: Rule = {
  name: "SoftErrors",
  act({ processed }) {
    const errors = dumpOf(processed).soft_errors;
    if (errors === undefined || errors === null) return;
    processed.soft_errors = JSON.stringify(errors).slice(0, MOST_CHARACTERS);
  },
};
