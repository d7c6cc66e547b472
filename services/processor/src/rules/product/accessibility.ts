import { rule } from "../../rule.ts";

export const accessibility = rule({
  name: "AccessibilityRule",
  annotations: ["Accessibility"],
  writes: ["accessibility"],
  act({ raw, processed }) {
    processed.accessibility = raw.Accessibility === "Active";
  },
});
