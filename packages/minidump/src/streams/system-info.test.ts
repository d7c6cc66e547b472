import { describe, expect, it } from "vitest";
import { synthMinidump } from "../synth/index.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";

describe.each(byteOrders)("SystemInfo, %s endian", (byteOrder) => {
  it("reads processor and system of a Linux dump", () => {
    const uname = "Linux 6.1.0-30-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.124-1 (2025-01-12) x86_64";
    const synth = synthMinidump({ byteOrder }).linux({ uname, level: 25, revision: 0x2102, cpuCount: 12 });
    expect(dumpOf(synth).systemInfo).toEqual({
      cpu: "amd64",
      architecture: 9,
      pointerWidth: 8,
      os: "Linux",
      osVersion: "6.1.0-30-amd64",
      osBuild: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.124-1 (2025-01-12)",
      cpuInfo: "family 25 model 33 stepping 2",
      cpuCount: 12,
    });
  });
});

describe("SystemInfo", () => {
  it.each([
    [0, "x86", 4],
    [10, "x86", 4],
    [9, "amd64", 8],
    [5, "arm", 4],
    [12, "arm64", 8],
    [0x8003, "arm64", 8],
    [1, "mips", 4],
    [0x8004, "mips64", 8],
    [3, "ppc", 4],
    [0x8002, "ppc64", 8],
    [0x8001, "sparc", 4],
    [13, "arm", 4],
    [14, "x86", 4],
    [0x8005, "riscv", 4],
    [0x8006, "riscv64", 8],
    [4, "unknown", 4],
    [6, "unknown", 8],
    [0xffff, "unknown", 8],
  ])("names processor %i %s, with addresses of %i bytes", (arch, cpu, pointerWidth) => {
    expect(dumpOf(synthMinidump().system({ arch })).systemInfo).toMatchObject({ cpu, pointerWidth });
  });

  it.each([
    [1, "0x00000001"],
    [2, "Windows NT"],
    [3, "Windows NT"],
    [0x8101, "Mac OS X"],
    [0x8102, "iOS"],
    [0x8201, "Linux"],
    [0x8202, "Solaris"],
    [0x8203, "Android"],
    [0x8204, "PS3"],
    [0x8205, "NaCl"],
    [0xdead_beef, "0xdeadbeef"],
  ])("names platform %i %s", (platform, os) => {
    expect(dumpOf(synthMinidump().system({ platform })).systemInfo.os).toBe(os);
  });

  it("reads the vendor of an x86 processor in either byte order", () => {
    // "GenuineIntel", as CPUID answers it in three registers.
    const cpuWords = [0x756e_6547, 0x4965_6e69, 0x6c65_746e];
    for (const byteOrder of byteOrders) {
      const synth = synthMinidump({ byteOrder }).system({ arch: 0, level: 6, revision: 0xd08, cpuWords });
      expect(dumpOf(synth).systemInfo.cpuInfo).toBe("GenuineIntel family 6 model 13 stepping 8");
    }
  });

  it("describes an ARM processor by its part and features", () => {
    const armInfo = (cpuWords: number[]) =>
      dumpOf(synthMinidump().system({ arch: 5, level: 7, cpuWords })).systemInfo.cpuInfo;
    expect(armInfo([0x410f_c09a, 0x1003])).toBe("ARMv7 ARM Cortex-A9 features: swp,half,neon");
    expect(armInfo([0x420f_0ff5, 0])).toBe("ARMv7 vendor(0x42) part(0x42000ff0)");
    expect(armInfo([0, 0])).toBe("ARMv7");
  });

  it("describes no other processor", () => {
    expect(dumpOf(synthMinidump().system({ arch: 12 })).systemInfo.cpuInfo).toBeUndefined();
  });
});
