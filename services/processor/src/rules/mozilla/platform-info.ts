import { rule } from "../../rule.ts";
import { annotationText, trimmed } from "../../values/annotation-text.ts";

/** Fills in by annotations what of the machine no dump tells: crash pings have none. */
export const platformInfo = rule({
  name: "PlatformInfoRule",
  annotations: ["CPUArchitecture", "CPUInfo", "OS", "OSVersion"],
  reads: ["cpu_arch", "cpu_info", "os_name", "os_version"],
  writes: ["cpu_arch", "cpu_info", "os_name", "os_version"],
  act({ raw, processed }) {
    const fill = (value: unknown) => trimmed(annotationText(value) ?? "") || undefined;
    if (isUnknown(processed.cpu_arch)) {
      const architecture = fill(raw.CPUArchitecture);
      if (architecture !== undefined) processed.cpu_arch = architecture;
    }
    if (isUnknown(processed.cpu_info)) {
      const info = fill(raw.CPUInfo);
      if (info !== undefined) processed.cpu_info = info;
    }
    if (isUnknown(processed.os_name)) {
      const name = fill(raw.OS);
      if (name !== undefined) processed.os_name = name;
    }
    if (isUnknown(processed.os_version)) {
      const version = fill(raw.OSVersion);
      if (version !== undefined) processed.os_version = version;
    }
  },
});

function isUnknown(value: string | null | undefined): boolean {
  return !value || value.toLowerCase() === "unknown";
}
