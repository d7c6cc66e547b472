import type { Rule } from "../rule.ts";

export const identifier: Rule = {
  name: "Identifier",
  act({ crashId, processed }) {
    processed.crash_id = crashId;
    processed.uuid = crashId;
  },
};
