import { rule } from "../../rule.ts";
import { recordOf, stringOf } from "../../values/json-records.ts";

/** The processor, as the dump tells. What the dump leaves open is null, what it does not speak of is unknown. */
export const cpuInfo = rule({
  name: "CPUInfoRule",
  reads: ["json_dump"],
  writes: ["cpu_info", "cpu_count", "cpu_arch", "cpu_microcode_version"],
  act({ processed }) {
    const info = recordOf(processed.json_dump?.system_info);
    const { cpu_info, cpu_count, cpu_arch, cpu_microcode_version: microcode } = info;
    processed.cpu_info = cpu_info === undefined ? "unknown" : (stringOf(cpu_info) ?? null);
    processed.cpu_count = typeof cpu_count === "number" ? cpu_count : cpu_count === null ? null : 0;
    processed.cpu_arch = stringOf(cpu_arch) ?? (cpu_arch === null ? null : "unknown");
    if (typeof microcode === "string") processed.cpu_microcode_version = microcode;
  },
});
