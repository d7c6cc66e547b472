import { type Rule, text } from "../rule.ts";

export const submittedFrom: Rule = {
  name: "SubmittedFrom",
  act({ raw, processed }) {
    const infobar = text(raw, "SubmittedFromInfobar");
    if (infobar !== undefined) processed.submitted_from = infobar === "true" ? "Infobar" : "Unknown";
    else processed.submitted_from = text(raw, "SubmittedFrom") ?? "Unknown";
  },
};
