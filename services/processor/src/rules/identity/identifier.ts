import { rule } from "../../rule.ts";

export const identifier = rule({
  name: "IdentifierRule",
  writes: ["crash_id", "uuid"],
  act({ crashId, processed }) {
    processed.crash_id = crashId;
    processed.uuid = crashId;
  },
});
