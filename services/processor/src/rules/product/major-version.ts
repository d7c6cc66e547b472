import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";
import { wholeOfText } from "../../values/numbers.ts";

/** The number before the first dot; 0 when there is none. */
export const majorVersion = rule({
  name: "MajorVersionRule",
  annotations: ["Version"],
  writes: ["major_version"],
  act({ raw, processed }) {
    const [first = ""] = (annotationText(raw.Version) ?? "").split(".");
    processed.major_version = wholeOfText(first) ?? 0;
  },
});
