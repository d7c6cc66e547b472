import { describe, expect, it } from "vitest";
import { SynthBytes, synthMinidump } from "../synth/index.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";

describe.each(byteOrders)("streams of few fields, %s endian", (byteOrder) => {
  const synth = () => synthMinidump({ byteOrder });

  it("reads unloaded modules and leaves out empty ones", () => {
    const dump = dumpOf(
      synth()
        .unloadedModule({ base: 0x6000n, size: 0x8000, name: "C:\\sys\\gone.dll", timestamp: 0x1234 })
        .unloadedModule({ base: 0x6000n, size: 0, name: "empty.dll" }),
    );
    expect(dump.unloadedModules).toEqual([
      {
        base: 0x6000n,
        size: 0x8000,
        name: "C:\\sys\\gone.dll",
        fileName: "gone.dll",
        codeId: "000012348000",
      },
    ]);
  });

  it("reads BreakpadInfo ids only when they are valid", () => {
    expect(dumpOf(synth().breakpadInfo({ dumpThreadId: 5, requestingThreadId: 6 })).breakpadInfo).toEqual({
      dumpThreadId: 5,
      requestingThreadId: 6,
    });
    expect(dumpOf(synth().breakpadInfo({ requestingThreadId: 6 })).breakpadInfo).toEqual({
      dumpThreadId: undefined,
      requestingThreadId: 6,
    });
  });

  it("reads every field of MiscInfo that is set", () => {
    const info = {
      pid: 4711,
      times: [1700000000, 12, 3],
      power: [3600, 800],
      integrityLevel: 0x2000,
      executeFlags: 0x4d,
      protectedProcess: 1,
      timeZone: { id: 2, name: "W. Europe Standard Time" },
      processCookie: 0xdead_beef,
      builds: ["22621.1 (WinBuild.160101.0800)", "dbgcore.amd64,10.0"],
    } as const;
    expect(dumpOf(synth().miscInfo(info)).miscInfo).toEqual({
      pid: 4711,
      processCreateTime: 1700000000,
      processUserTime: 12,
      processKernelTime: 3,
      processorMaxMhz: 3600,
      processorCurrentMhz: 800,
      integrityLevel: 0x2000,
      executeFlags: 0x4d,
      protectedProcess: 1,
      timeZone: { id: 2, name: "W. Europe Standard Time" },
      processCookie: 0xdead_beef,
      buildString: "22621.1 (WinBuild.160101.0800)",
      debugBuildString: "dbgcore.amd64,10.0",
    });
    expect(dumpOf(synth().miscInfo({ ...info, size: 24 })).miscInfo).toMatchObject({
      pid: 4711,
      processorMaxMhz: undefined,
      integrityLevel: undefined,
      timeZone: undefined,
      processCookie: undefined,
      buildString: undefined,
    });
    expect(dumpOf(synth().miscInfo({ pid: 1 })).miscInfo?.processCreateTime).toBeUndefined();
  });

  it("reads what the address space looked like", () => {
    const dump = dumpOf(
      synth().memoryInfo([
        { base: 0x1000n, size: 0x2000n, state: 0x1000, protection: 0x20 },
        { base: 0x3000n, size: 0x1000n, state: 0x2000, protection: 0x04 },
        { base: 0x4000n, size: 0x1000n, state: 0x1000, protection: 0x104 },
        { base: 0x5000n, size: 1n << 47n, state: 0x1_0000, protection: 0 },
      ]),
    );
    const nothing = { readable: false, writable: false, executable: false };
    expect(dump.memoryInfo).toEqual([
      { base: 0x1000n, size: 0x2000n, state: "committed", readable: true, writable: false, executable: true },
      { base: 0x3000n, size: 0x1000n, state: "reserved", ...nothing },
      { base: 0x4000n, size: 0x1000n, state: "committed", readable: true, writable: true, executable: false },
      { base: 0x5000n, size: 1n << 47n, state: "free", ...nothing },
    ]);
  });

  it("reads handles", () => {
    const handles = [{ handle: 0x1_0000_0002n, typeName: "File", objectName: "/dev/null" }, { handle: 4n }];
    expect(dumpOf(synth().handles(handles)).handles).toEqual([
      { handle: 0x1_0000_0002n, typeName: "File", objectName: "/dev/null" },
      { handle: 4n, typeName: undefined, objectName: undefined },
    ]);
  });

  it("reads handles of the longer form", () => {
    const stream = new SynthBytes(byteOrder).u32(16, 40, 2, 0);
    for (const handle of [8n, 12n]) stream.u64(handle).zeros(32);
    expect(dumpOf(synth().stream(12, stream.finish())).handles?.map(({ handle }) => handle)).toEqual([
      8n,
      12n,
    ]);
  });
});

describe("streams of few fields", () => {
  it.each([
    ["HandleData", 12, [16, 31, 1, 0]],
    ["HandleData", 12, [16, 0xffff_ffff, 0xffff_ffff, 0]],
    ["UnloadedModuleList", 14, [12, 23, 0]],
    ["UnloadedModuleList", 14, [12, 24, 0xffff_ffff]],
    ["UnloadedModuleList", 14, [8, 24, 0]],
    ["MemoryInfoList", 16, [16, 48, 0xffff_ffff, 0xffff_ffff]],
    ["MiscInfo", 15, [24, 0]],
    ["BreakpadInfo", 0x4767_0001, [3, 1]],
    ["ThreadNames", 24, [5, 1, 2]],
  ])("notes a %s whose sizes cannot be right", (name, type, words) => {
    const dump = dumpOf(synthMinidump().stream(type, new SynthBytes("little").u32(...words).finish()));
    expect(dump.notes).toEqual([expect.stringMatching(new RegExp(`^${name}: Stream(Read|Size)`))]);
  });

  it("leaves out a thread name that is not UTF-16; of one with a lone surrogate the rest stays", () => {
    const odd = new SynthBytes("little").u32(3).raw([65, 0, 66]).finish();
    const loneSurrogate = new SynthBytes("little").u32(6).u16(0x41).u16(0xd800).u16(0x42).finish();
    for (const [text, name] of [
      [odd, undefined],
      [loneSurrogate, "A\ufffdB"],
    ] as const) {
      const synth = synthMinidump().thread({ id: 1, name: "replaced" });
      synth.stream(24, (file) =>
        file
          .bytes()
          .u32(1, 1)
          .u64(BigInt(file.place(text).rva))
          .finish(),
      );
      expect(dumpOf(synth).threads[0]?.name).toBe(name);
    }
  });
});
