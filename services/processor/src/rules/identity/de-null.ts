import type { SubmittedAnnotations } from "@mayday/crash";
import type { Rule } from "../../rule.ts";

/** Null bytes in names and values come from damaged memory, and no search engine takes them. */
export const deNull: Rule = {
  name: "DeNullRule",
  annotations: "all",
  reads: [],
  writes: [],
  act(crash) {
    // Any name may come.
    const raw: SubmittedAnnotations = crash.raw;
    for (const [name, value] of Object.entries(raw)) {
      const cleanName = name.replaceAll("\0", "");
      const cleanValue = typeof value === "string" ? value.replaceAll("\0", "") : value;
      if (cleanName === name) {
        raw[name] = cleanValue;
        continue;
      }
      delete raw[name];
      // A name that is there already, such as the collector's own, is not to be had by adding a null byte.
      if (!Object.hasOwn(raw, cleanName)) raw[cleanName] = cleanValue;
    }
  },
};
