import { type Rule, text } from "../rule.ts";

export const processType: Rule = {
  name: "ProcessType",
  act({ raw, processed }) {
    const type = text(raw, "ProcessType") || "parent";
    processed.process_type = type === "main" ? "parent" : type;
  },
};
