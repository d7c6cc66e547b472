import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import { LOONGARCH64 } from "../contexts/loongarch.ts";
import type { Cpu, Os } from "../system/cpu-and-os.ts";
import { cpuInfoText } from "../system/cpu-info-text.ts";
import { osVersion } from "../system/os-version.ts";

/** The machine and system the process ran on. */
export interface SystemInfo {
  readonly cpu: Cpu;
  /** The processor by its number in the format: two numbers are ARM64, with contexts of their own. */
  readonly architecture: number;
  /** Bytes of an address. */
  readonly pointerWidth: 4 | 8;
  readonly os: Os;
  /** As `6.1.0-30-amd64` or `10.0.19045`. */
  readonly osVersion: string;
  /** What tells builds of one version apart, as `#1 SMP PREEMPT_DYNAMIC Debian …` or `Service Pack 2`. */
  readonly osBuild: string | undefined;
  /** As `family 6 model 13 stepping 8`. */
  readonly cpuInfo: string | undefined;
  /** Logical processors; 0 when the writer did not know. */
  readonly cpuCount: number;
}

const size = 56;

const cpus: Readonly<Record<number, Cpu>> = {
  0: "x86",
  1: "mips",
  3: "ppc",
  5: "arm",
  9: "amd64",
  10: "x86", // a 32-bit process on 64-bit Windows
  12: "arm64",
  13: "arm", // a 32-bit process on 64-bit Windows for ARM
  14: "x86", // the same, translated
  32769: "sparc",
  32770: "ppc64",
  32771: "arm64", // Breakpad's number from before Microsoft gave one
  32772: "mips64",
  32773: "riscv",
  32774: "riscv64",
};

/** A system of LoongArch, where its contexts tell that the processor's number is not what others mean by it. */
export function ofLoongarch(system: SystemInfo): SystemInfo {
  return { ...system, cpu: "loongarch64", architecture: LOONGARCH64, pointerWidth: 8 };
}

/** Whether a number may stand for LoongArch: it is Breakpad's of RISC-V, or nobody's. */
export function mayBeLoongarch({ architecture }: SystemInfo): boolean {
  return architecture === 32773 || (architecture > 32774 && architecture < NO_ARCHITECTURE);
}

/** Processors with addresses of 32 bits, by number: beside the named ones Alpha (2) and SuperH (4). Others count as wide. */
const narrow: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 10, 13, 14, 32769, 32773]);

const systems: Readonly<Record<number, Os>> = {
  2: "Windows NT",
  3: "Windows NT",
  33025: "Mac OS X",
  33026: "iOS",
  33281: "Linux",
  33282: "Solaris",
  33283: "Android",
  33284: "PS3",
  33285: "NaCl",
};

/** A processor number that nobody has (winnt.h: PROCESSOR_ARCHITECTURE_UNKNOWN). */
const NO_ARCHITECTURE = 0xffff;

/** The system of a dump that does not tell. Addresses have 64 bits, so that none is cut. */
export const unknownSystem: SystemInfo = {
  cpu: "unknown",
  architecture: NO_ARCHITECTURE,
  pointerWidth: 8,
  os: "0x00000000",
  osVersion: "0.0.0",
  osBuild: undefined,
  cpuInfo: undefined,
  cpuCount: 0,
};

/** Reads MINIDUMP_SYSTEM_INFO (minidumpapiset.h; CPU and platform numbers above 0x8000 are Breakpad's). */
export function readSystemInfo(stream: ByteReader, context: StreamContext): Result<SystemInfo> {
  if (stream.length < size) return tooShort(stream, size);
  const architecture = stream.u16(0);
  const cpu = cpus[architecture] ?? "unknown";
  const platform = stream.u32(20);
  const os = systems[platform] ?? `0x${platform.toString(16).padStart(8, "0")}`;
  const numbers = [stream.u32(8), stream.u32(12), stream.u32(16)] as const;
  const version = osVersion(os, numbers, context.string(stream.u32(24)));
  return ok({
    cpu,
    architecture,
    pointerWidth: narrow.has(architecture) ? 4 : 8,
    os,
    osVersion: version.version,
    osBuild: version.build,
    cpuInfo: cpuInfoText(cpu, stream),
    cpuCount: stream.u8(6),
  });
}
