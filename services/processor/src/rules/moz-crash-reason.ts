import { type Rule, text } from "../rule.ts";

/** Reasons that begin so were seen to hold what users typed or visited. */
const TELLING = ["Failed to load module", "byte index", "do not use eval with system privileges"];

export const mozCrashReason: Rule = {
  name: "MozCrashReason",
  act({ raw, processed }) {
    const reason = text(raw, "MozCrashReason");
    if (reason === undefined) return;
    processed.moz_crash_reason_raw = reason;
    processed.moz_crash_reason = TELLING.some((start) => reason.startsWith(start))
      ? "sanitized--see moz_crash_reason_raw"
      : reason;
  },
};
