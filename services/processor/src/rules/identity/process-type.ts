import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";

export const processType = rule({
  name: "ProcessTypeRule",
  annotations: ["ProcessType"],
  writes: ["process_type"],
  act({ raw, processed }) {
    const type = annotationText(raw.ProcessType) ?? "parent";
    processed.process_type = type === "main" ? "parent" : type;
  },
});
