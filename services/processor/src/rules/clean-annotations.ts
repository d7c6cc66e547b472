import type { Rule } from "../rule.ts";

/** Null bytes in names and values come from damaged memory, and no search engine takes them. */
export const cleanAnnotations: Rule = {
  name: "CleanAnnotations",
  act(crash) {
    const { notes } = crash;
    // Any name may come.
    const raw: Record<string, unknown> = crash.raw;
    for (const [name, value] of Object.entries(raw)) {
      const cleanName = name.replaceAll("\0", "");
      const cleanValue = typeof value === "string" ? value.replaceAll("\0", "") : value;
      if (cleanName === name && cleanValue === value && value !== null) continue;
      delete raw[name];
      // A name that is there already, such as the collector's own, is not to be had by adding a null byte.
      if (value === null || (cleanName !== name && Object.hasOwn(raw, cleanName))) continue;
      raw[cleanName] = cleanValue;
      notes.push("removed null bytes from an annotation");
    }
  },
};
