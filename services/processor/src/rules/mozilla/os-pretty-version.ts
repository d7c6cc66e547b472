import { rule } from "../../rule.ts";
import { annotationText, trimmed } from "../../values/annotation-text.ts";
import { recordOf, stringOf } from "../../values/json-records.ts";

/** Windows by its kernel's version. */
const WINDOWS = new Map([
  ["3.5", "NT"],
  ["4.0", "NT"],
  ["4.1", "98"],
  ["4.9", "Me"],
  ["5.0", "2000"],
  ["5.1", "XP"],
  ["5.2", "Server 2003"],
  ["6.0", "Vista"],
  ["6.1", "7"],
  ["6.2", "8"],
  ["6.3", "8.1"],
  ["10.0", "10"],
]);
/** The first build of Windows 11, which still calls itself 10.0. */
const WINDOWS_11_BUILD = 21_996;

/** The system's name and version as people say it. */
export const osPrettyVersion = rule({
  name: "OSPrettyVersionRule",
  annotations: ["LinuxLSBDescription"],
  reads: ["os_name", "os_version", "json_dump"],
  writes: ["os_pretty_version"],
  act({ raw, processed }) {
    const { os_name: name, os_version: version = "" } = processed;
    if (name === undefined) {
      processed.os_pretty_version = null;
      return;
    }
    const description =
      stringOf(recordOf(processed.json_dump?.lsb_release)["description"]) ||
      annotationText(raw.LinuxLSBDescription);
    processed.os_pretty_version =
      name === "Linux" ? trimmed(description ?? "") || name : prettyVersion(name, version);
  },
});

function prettyVersion(name: string, version: string): string {
  const [major, minor, build] = version.split(/[. ]/).map(Number);
  switch (name) {
    case "Windows NT":
      if (major === undefined || minor === undefined) return name;
      if (major === 10 && minor === 0 && (build ?? 0) >= WINDOWS_11_BUILD) return "Windows 11";
      return `Windows ${WINDOWS.get(`${major}.${minor}`) ?? "Unknown"}`;
    case "Mac OS X":
      if (major === undefined || minor === undefined) return name;
      if (major === 10) return `OS X 10.${minor}`;
      return major > 10 ? `macOS ${major}` : "OS X Unknown";
    case "Android":
      return `Android ${version}`;
    default:
      return name;
  }
}
