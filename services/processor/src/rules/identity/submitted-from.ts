import { isExactNumber } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";

/** From where the user sent the report; the older annotation SubmittedFromInfobar decides where it is there. */
export const submittedFrom = rule({
  name: "SubmittedFromRule",
  annotations: ["SubmittedFrom", "SubmittedFromInfobar"],
  writes: ["submitted_from", "submitted_from_infobar"],
  act({ raw, processed }) {
    const { SubmittedFromInfobar: infobar } = raw;
    if (infobar !== undefined) processed.submitted_from = isTrue(infobar) ? "Infobar" : "Unknown";
    else processed.submitted_from = annotationText(raw.SubmittedFrom) ?? "Unknown";
    processed.submitted_from_infobar = processed.submitted_from === "Infobar";
  },
});

function isTrue(value: unknown): boolean {
  if (isExactNumber(value)) return Number(value.rawJSON) === 1;
  return value === true || value === 1 || value === "1" || value === "true";
}
