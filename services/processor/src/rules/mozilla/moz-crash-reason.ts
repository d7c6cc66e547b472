import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";

/** Reasons that begin so were seen to hold what users typed or visited. */
const TELLING = ["Failed to load module", "byte index", "do not use eval with system privileges"];

/** The reason that the product's code gave for crashing: whole for those who may see it, for anybody where it is harmless. */
export const mozCrashReason = rule({
  name: "MozCrashReasonRule",
  annotations: ["MozCrashReason"],
  writes: ["moz_crash_reason_raw", "moz_crash_reason"],
  act({ raw, processed, notes }) {
    if (raw.MozCrashReason === undefined) return;
    const reason = annotationText(raw.MozCrashReason);
    if (reason === undefined) notes.push("MozCrashReason has a non-string value");
    if (!reason) return;
    processed.moz_crash_reason_raw = reason;
    processed.moz_crash_reason = TELLING.some((start) => reason.startsWith(start))
      ? "sanitized--see moz_crash_reason_raw"
      : reason;
  },
});
