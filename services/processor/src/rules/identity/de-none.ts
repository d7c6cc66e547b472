import type { SubmittedAnnotations } from "@mayday/crash";
import type { Rule } from "../../rule.ts";

/** An annotation that is null says what one that is absent says. */
export const deNone: Rule = {
  name: "DeNoneRule",
  annotations: "all",
  reads: [],
  writes: [],
  act(crash) {
    const raw: SubmittedAnnotations = crash.raw;
    for (const [name, value] of Object.entries(raw)) if (value === null) delete raw[name];
  },
};
