import type { Rule } from "../rule.ts";

/** Null bytes in names and values come from damaged memory, and no search engine takes them. */
export const cleanAnnotations: Rule = {
  name: "CleanAnnotations",
  act({ raw, notes }) {
    for (const [name, value] of Object.entries(raw)) {
      const cleanName = name.replaceAll("\0", "");
      const cleanValue = typeof value === "string" ? value.replaceAll("\0", "") : value;
      if (cleanName === name && cleanValue === value && value !== null) continue;
      delete raw[name];
      if (value === null) continue;
      raw[cleanName] = cleanValue;
      notes.push("removed null bytes from an annotation");
    }
  },
};
