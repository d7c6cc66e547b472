import type { Rule } from "../../rule.ts";

const MOST_CHARACTERS = 100;

/** Lists the names of annotations and dumps, the collector's among them, so that crashes with a certain one can be found. */
export const crashReportKeys: Rule = {
  name: "CrashReportKeysRule",
  annotations: "all",
  reads: [],
  writes: ["crash_report_keys"],
  act({ raw, dumps, processed, notes }) {
    const names = [...Object.keys(raw), ...dumps.keys()];
    const valid = names
      // A line break at the end is let pass, and kept.
      .filter((name) => /^[a-zA-Z0-9_-]+\n?$/.test(name))
      .map((name) => name.slice(0, MOST_CHARACTERS));
    if (valid.length < names.length || names.some((name) => name.length > MOST_CHARACTERS))
      notes.push("invalidkeys: Crash report contains invalid keys");
    processed.crash_report_keys = [...new Set(valid)].sort();
  },
};
