import type { ByteReader } from "../bytes/byte-reader.ts";
import type { Cpu } from "./cpu-and-os.ts";

/**
 * Describes the processor from the SystemInfo stream, as `GenuineIntel family 6 model 13 stepping 8`. The
 * vendor is recorded for x86 only. undefined for processors without a customary description.
 */
export function cpuInfoText(cpu: Cpu, systemInfo: ByteReader): string | undefined {
  const level = systemInfo.u16(2);
  const revision = systemInfo.u16(4);
  const family = `family ${level} model ${revision >> 8} stepping ${revision & 0xff}`;
  if (cpu === "amd64") return family;
  if (cpu === "x86") return `${x86Vendor(systemInfo)} ${family}`;
  if (cpu === "arm") return armText(level, systemInfo.u32(32), systemInfo.u32(36));
  return undefined;
}

/** The three words CPUID answers for the vendor: text in the processor's own, little, order. */
function x86Vendor(systemInfo: ByteReader): string {
  let vendor = "";
  for (let word = 0; word < 3; word++) {
    const value = systemInfo.u32(32 + word * 4);
    for (let shift = 0; shift < 32; shift += 8) vendor += String.fromCharCode((value >>> shift) & 0xff);
  }
  return vendor;
}

/** Implementers and part numbers of the ARM main id register, as far as crash reporters name them. */
const armVendors: Readonly<Record<number, string>> = {
  65: "ARM",
  81: "Qualcomm",
  86: "Marvell",
  105: "Intel/Marvell",
};

const armParts: Readonly<Record<number, string>> = {
  1090568272: "Cortex-A5",
  1090568320: "Cortex-A8",
  1090568336: "Cortex-A9",
  1090568432: "Cortex-A15",
  1090568512: "Cortex-R4",
  1090568528: "Cortex-R5",
  1090564960: "ARM1136",
  1090565472: "ARM1156",
  1090565984: "ARM1176",
  1090564128: "ARM11-MPCore",
  1090556512: "ARM926",
  1090557024: "ARM946",
  1090557536: "ARM966",
  1358956272: "Krait",
  1358954736: "Scorpion",
};

/** Bits of Linux's ELF hwcap for ARM, from bit 0 up. */
const armFeatures = [
  "swp",
  "half",
  "thumb",
  "26bit",
  "fastmult",
  "fpa",
  "vfpv2",
  "edsp",
  "java",
  "iwmmxt",
  "crunch",
  "thumbee",
  "neon",
  "vfpv3",
  "vfpv3d16",
  "tls",
  "vfpv4",
  "idiva",
  "idivt",
];

function armText(level: number, cpuid: number, hwcaps: number): string {
  let text = `ARMv${level}`;
  if (cpuid !== 0) {
    const vendor = cpuid >>> 24;
    const part = (cpuid & 0xff00_fff0) >>> 0;
    text += ` ${armVendors[vendor] ?? `vendor(0x${vendor.toString(16)})`}`;
    text += ` ${armParts[part] ?? `part(0x${part.toString(16)})`}`;
  }
  const features = armFeatures.filter((_, bit) => (hwcaps >>> bit) & 1);
  return features.length === 0 ? text : `${text} features: ${features.join(",")}`;
}
