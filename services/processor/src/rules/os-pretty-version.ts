import type { ProcessedCrash } from "@mayday/crash";
import { dumpOf } from "../json-dump.ts";
import type { Rule } from "../rule.ts";

/** Windows by its kernel's version. */
const WINDOWS: Record<string, string> = {
  "5.0": "2000",
  "5.1": "XP",
  "5.2": "Server 2003",
  "6.0": "Vista",
  "6.1": "7",
  "6.2": "8",
  "6.3": "8.1",
  "10.0": "10",
};
/** The first build of Windows 11, which still calls itself 10.0. */
const WINDOWS_11_BUILD = 21_996;

/** The system's name as people say it. */
export const osPrettyVersion: Rule = {
  name: "OSPrettyVersion",
  act({ processed }) {
    processed.os_pretty_version = prettyVersion(processed) ?? processed.os_name ?? "Unknown";
  },
};

function prettyVersion(processed: ProcessedCrash): string | undefined {
  const version = String(processed.os_version ?? "");
  const [major = 0, minor = 0, build = 0] = version.split(/[. ]/).map(Number);
  switch (processed.os_name) {
    case "Windows NT":
      if (major === 10 && build >= WINDOWS_11_BUILD) return "Windows 11";
      return `Windows ${WINDOWS[`${major}.${minor}`] ?? "Unknown"}`;
    case "Mac OS X":
      return major === 10 ? `OS X 10.${minor}` : `macOS ${major}`;
    case "Linux":
      return dumpOf(processed).lsb_release?.description || undefined;
    case "Android":
      return `Android ${processed.android_version ?? "Unknown"}`;
    default:
      return undefined;
  }
}
