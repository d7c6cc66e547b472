import { describe, expect, it } from "vitest";
import { SynthBytes, synthMinidump } from "../synth/index.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";

const noStrings = {
  module: undefined,
  message: undefined,
  signatureString: undefined,
  backtrace: undefined,
  message2: undefined,
};

describe.each(byteOrders)("streams of single clients, %s endian", (byteOrder) => {
  const synth = () => synthMinidump({ byteOrder });

  it("what libraries of macOS said before they ended the process", () => {
    const strings = ["/usr/lib/libdyld.dylib", "no such symbol", "sig", "trace", "more ☃"] as const;
    const record = { thread: 1n, dialogMode: 2n, abortCause: 3n, strings };
    const read = (version: number) =>
      dumpOf(synth().macCrashInfo([{ version, ...record }, { version }])).mac.crashInfo;
    const texts = {
      module: strings[0],
      message: strings[1],
      signatureString: strings[2],
      backtrace: strings[3],
      message2: strings[4],
    };
    expect(read(5)?.[0]).toEqual({ thread: 1n, dialogMode: 2n, abortCause: 3n, ...texts });
    expect(read(4)?.[0]).toEqual({ thread: 1n, dialogMode: 2n, abortCause: undefined, ...texts });
    expect(read(1)?.[0]).toEqual({
      thread: undefined,
      dialogMode: undefined,
      abortCause: undefined,
      ...noStrings,
    });
    expect(read(5)).toHaveLength(2);
  });

  it("are not read where records are of two versions, or cut", () => {
    const mixed = dumpOf(synth().macCrashInfo([{ version: 5 }, { version: 4 }]));
    expect(mixed.mac.crashInfo).toBeUndefined();
    expect(mixed.notes[0]).toMatch(/^MozMacosCrashInfo: VersionMismatch/);
    const cut = new SynthBytes(byteOrder)
      .u32(0x4d7a0001, 1, 40, 16, 0xffff_0000)
      .zeros(19 * 8)
      .finish();
    const dump = dumpOf(synth().stream(0x4d7a0001, cut));
    expect(dump.notes[0]).toMatch(/^MozMacosCrashInfo: StreamReadFailure/);
  });

  it("the boot arguments of macOS", () => {
    expect(dumpOf(synth().macBootArgs("-v keepsyms=1")).mac.bootArgs).toEqual({ text: "-v keepsyms=1" });
    const astray = new SynthBytes(byteOrder)
      .u32(0x4d7a0002)
      .u64(1n << 60n)
      .finish();
    expect(dumpOf(synth().stream(0x4d7a0002, astray)).mac.bootArgs).toEqual({ text: undefined });
  });

  it("ids and annotations of Crashpad", () => {
    const reportId = "0123456789ABCDEF0123456789ABCDEF";
    const clientId = "F0E1D2C3B4A5968778695A4B3C2D1E0F";
    const dump = dumpOf(
      synth().crashpadInfo({
        reportId,
        clientId,
        annotations: { prod: "Teapot", ver: "1.4" },
        modules: [
          { moduleIndex: 2, list: ["one", "two"], simple: { key: "value ☃" } },
          { moduleIndex: 3, objects: [{ name: "tag", type: 0x8001, value: Uint8Array.of(1, 2, 3) }] },
        ],
      }),
    );
    expect(dump.crashpadInfo).toEqual({
      reportId,
      clientId,
      simpleAnnotations: new Map([
        ["prod", "Teapot"],
        ["ver", "1.4"],
      ]),
      modules: [
        {
          moduleIndex: 2,
          listAnnotations: ["one", "two"],
          simpleAnnotations: new Map([["key", "value ☃"]]),
          annotationObjects: [],
        },
        {
          moduleIndex: 3,
          listAnnotations: [],
          simpleAnnotations: new Map(),
          annotationObjects: [{ name: "tag", type: 0x8001, value: Uint8Array.of(1, 2, 3) }],
        },
      ],
    });
    expect(dump.notes).toEqual([]);
  });

  it("the assertion that failed", () => {
    const dump = dumpOf(synth().assertion(["index < size", "at", "vector.h"], 42, 2));
    expect(dump.assertion).toEqual({
      kind: "pure_virtual_call",
      expression: "index < size",
      function: "at",
      file: "vector.h",
      line: 42,
    });
  });

  it("the environment, of which a value may be empty or hold a sign of equality", () => {
    const environment = "HOME=/root\0EMPTY=\0OPTS=a=b\0nonsense\0=x\0";
    expect(dumpOf(synth().linux({ environment })).linux.environment).toEqual({
      HOME: "/root",
      EMPTY: "",
      OPTS: "a=b",
    });
  });
});
