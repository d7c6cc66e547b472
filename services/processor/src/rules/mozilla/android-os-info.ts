import { rule } from "../../rule.ts";
import { annotationText, trimmed } from "../../values/annotation-text.ts";

/** Android by its API level: dumps know only the version of its Linux. */
export const androidOsInfo = rule({
  name: "AndroidOSInfoRule",
  annotations: ["Android_Version"],
  reads: ["os_name"],
  writes: ["os_name", "os_version"],
  act({ raw, processed }) {
    const version = annotationText(raw.Android_Version);
    const name = processed.os_name?.toLowerCase();
    if (version === undefined || (name !== "unknown" && name !== "android")) return;
    processed.os_name = "Android";
    const level = /^\d+(?=[\s(]|$)/.exec(trimmed(version))?.[0];
    if (level !== undefined) processed.os_version = level;
  },
});
