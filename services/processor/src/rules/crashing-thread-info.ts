import { dumpOf } from "../json-dump.ts";
import type { Rule } from "../rule.ts";

/** Which thread crashed, and of what. */
export const crashingThreadInfo: Rule = {
  name: "CrashingThreadInfo",
  act({ processed, notes }) {
    const dump = dumpOf(processed);
    if (dump.crash_info === undefined) return;
    const { crashing_thread, type, address, crash_inconsistencies } = dump.crash_info;
    processed.reason = type ?? "";
    processed.address = address ?? null;
    processed.crash_inconsistencies = crash_inconsistencies ?? [];
    processed.thread_count = dump.thread_count ?? null;
    processed.crashing_thread = crashing_thread ?? null;
    if (crashing_thread === undefined || crashing_thread === null) {
      notes.push("the minidump does not tell which thread crashed");
      return;
    }
    processed.crashing_thread_name = dump.threads?.[crashing_thread]?.thread_name ?? null;
    processed.last_error_value = dump.threads?.[crashing_thread]?.last_error_value ?? null;
  },
};
