import type { Rule } from "../rule.ts";

const MAX_NAME = 100;
/** What the collector adds is no annotation. */
const COLLECTORS_OWN = new Set(["metadata", "submitted_timestamp", "uuid", "version"]);

/** Lists the names of annotations and dumps, so that crashes with a certain one can be found. */
export const crashReportKeys: Rule = {
  name: "CrashReportKeys",
  act({ raw, dumps, processed, notes }) {
    const names = [...Object.keys(raw).filter((name) => !COLLECTORS_OWN.has(name)), ...dumps.keys()];
    const valid = names
      .filter((name) => /^[a-zA-Z0-9_-]+$/.test(name))
      .map((name) => name.slice(0, MAX_NAME));
    if (valid.length < names.length)
      notes.push(`${names.length - valid.length} annotation names are invalid`);
    processed.crash_report_keys = [...new Set(valid)].sort();
  },
};
