import { rule } from "../../rule.ts";
import { annotationText, trimmed } from "../../values/annotation-text.ts";

/** What a utility process did: the names of its actors. */
export const utilityActorsName = rule({
  name: "UtilityActorsNameRule",
  annotations: ["UtilityActorsName"],
  writes: ["utility_actors_name"],
  act({ raw, processed, notes }) {
    if (raw.UtilityActorsName === undefined) return;
    const names = annotationText(raw.UtilityActorsName);
    if (names === undefined) notes.push("UtilityActorsName has a non-string value");
    else
      processed.utility_actors_name = names
        .split(",")
        .map(trimmed)
        .filter((name) => name !== "");
  },
});
