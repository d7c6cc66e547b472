import { describe, expect, it } from "vitest";
import { synthMinidump } from "../synth/index.ts";
import { dumpOf } from "../test-support/dump-of.ts";

const linuxOf = (texts: Record<string, string>) => dumpOf(synthMinidump().linux(texts)).linux;

describe("Linux streams", () => {
  it("reads the first processor of /proc/cpuinfo", () => {
    const cpuInfo =
      "processor\t: 0\nmicrocode\t: 0x1000065\nflags\t\t: fpu vme\n\nprocessor\t: 1\nmicrocode\t: 0x2\n";
    expect(linuxOf({ cpuInfo }).cpuInfo).toEqual({
      processor: "0",
      microcode: "0x1000065",
      flags: "fpu vme",
    });
  });

  it("reads /proc/self/status", () => {
    const { procStatus } = linuxOf({
      procStatus: "Name:\tweb: content\nPid:\t10354\nGroups:\t \nno separator\n",
    });
    expect(procStatus).toEqual({ Name: "web: content", Pid: "10354", Groups: "" });
  });

  it("reads a key that objects already have as any other", () => {
    const { procStatus } = linuxOf({ procStatus: "__proto__: x\nconstructor: y\n" });
    expect(Object.entries(procStatus!)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  it("reads /etc/lsb-release", () => {
    const lsbRelease =
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty\nDISTRIB_DESCRIPTION="Ubuntu 14.04 LTS"\n';
    expect(linuxOf({ lsbRelease }).lsbRelease).toEqual({
      id: "Ubuntu",
      release: "14.04",
      codename: "trusty",
      description: "Ubuntu 14.04 LTS",
    });
  });

  it("reads /etc/os-release, and leaves empty what it does not tell", () => {
    const lsbRelease = 'PRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\nconstructor=x\n';
    expect(linuxOf({ lsbRelease }).lsbRelease).toEqual({
      id: "arch",
      release: "",
      codename: "",
      description: "Arch Linux",
    });
  });

  it("reads /proc/self/maps, and counts lines it cannot read", () => {
    const maps = [
      "7f4c21c00000-7f4c21d80000 r-xp 00026000 fe:01 1048602    /usr/lib/my folder/libc.so.6 (deleted)",
      "7fff084c9000-7fff084eb000 rw-p 00000000 00:00 0          [stack]",
      "cadbb00000-cadbc00000 rw-s 00000000 00:00 0 ",
      "this is no mapping",
      "",
    ].join("\n");
    const dump = dumpOf(synthMinidump().linux({ maps }));
    expect(dump.linux.maps?.lineCount).toBe(4);
    expect(dump.linux.maps?.regions).toEqual([
      {
        start: 0x7f4c21c00000n,
        end: 0x7f4c21d80000n,
        readable: true,
        writable: false,
        executable: true,
        shared: false,
        offset: 0x26000n,
        path: "/usr/lib/my folder/libc.so.6 (deleted)",
      },
      expect.objectContaining({ path: "[stack]", writable: true, executable: false }),
      expect.objectContaining({ path: undefined, shared: true }),
    ]);
    expect(dump.notes).toEqual(["LinuxMaps: 1 of 4 lines cannot be read"]);
  });

  it("reads /proc/self/limits", () => {
    const limits = [
      "Limit                     Soft Limit           Hard Limit           Units     ",
      "Max cpu time              unlimited            unlimited            seconds   ",
      "Max stack size            8388608              unlimited            bytes     ",
      "Max address space         18446744073709551614 18446744073709551615 bytes     ",
      "Max nice priority         0                    what                           ",
      "broken",
      "Max broken                  ",
    ].join("\n");
    expect(linuxOf({ limits }).limits).toEqual([
      { name: "Max cpu time", soft: "unlimited", hard: "unlimited", unit: "seconds" },
      { name: "Max stack size", soft: 8388608, hard: "unlimited", unit: "bytes" },
      { name: "Max address space", soft: 2 ** 64, hard: 2 ** 64, unit: "bytes" },
      { name: "Max nice priority", soft: 0, hard: "err", unit: "n/a" },
    ]);
  });

  it("parses Firefox's soft errors", () => {
    const json = '[{"InitErrors":["PrincipalMappingNotReferenced"]}]';
    expect(dumpOf(synthMinidump().softErrors(json)).softErrors).toEqual([
      { InitErrors: ["PrincipalMappingNotReferenced"] },
    ]);
  });
});
