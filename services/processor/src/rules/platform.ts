import { dumpOf } from "../json-dump.ts";
import { type Rule, text } from "../rule.ts";

/** The machine and its system: from the dump, and where that tells nothing from the annotations. */
export const platform: Rule = {
  name: "Platform",
  act({ raw, processed }) {
    const info = dumpOf(processed).system_info ?? {};
    processed.cpu_arch = info.cpu_arch ?? text(raw, "CPUArchitecture") ?? "unknown";
    processed.cpu_info = info.cpu_info ?? text(raw, "CPUInfo") ?? "unknown";
    processed.cpu_count = info.cpu_count ?? 0;
    const microcode = info.cpu_microcode_version ?? text(raw, "CPUMicrocodeVersion");
    if (microcode !== undefined) processed.cpu_microcode_version = microcode;
    processed.os_name = (info.os ?? text(raw, "OS") ?? "Unknown").trim();
    processed.os_version = (info.os_ver ?? text(raw, "OSVersion") ?? "").trim();
  },
};
