import { describe, expect, it } from "vitest";
import { blankMinidump } from "./blank-minidump.ts";
import { memorySource } from "./bytes/byte-source.ts";
import { synthMinidump } from "./synth/index.ts";
import { byteOrders, dumpOf } from "./test-support/dump-of.ts";

const region = (base: bigint, byte: number) => ({ base, bytes: new Uint8Array(16).fill(byte) });

describe.each(byteOrders)("a blanked dump, %s endian", (byteOrder) => {
  const synth = () =>
    synthMinidump({ byteOrder })
      .linux({ uname: "Linux 6 #1 x86_64", environment: "TOKEN=topsecret\0", procStatus: "Pid:\t7\n" })
      .module({ base: 0x1000n, size: 0x1000, name: "/usr/bin/app", buildId: "ab".repeat(20) })
      .thread({ id: 1, name: "main", stack: region(0x7000n, 1), registers: { rsp: 0x7008n } })
      .memory(region(0x8000n, 2))
      .memory(region(0x8008n, 3))
      .memory64([region(0x9000n, 4)])
      .stream(0x4767_0006, new TextEncoder().encode("app --password=topsecret"));
  const blanked = (kept: Parameters<typeof blankMinidump>[1]) => {
    const result = blankMinidump(memorySource(synth().finish()), kept);
    if (!result.ok) throw new Error(result.error.message);
    return result.value.whole();
  };

  it("holds none of the memory, of whatever list, but the spans that are kept", () => {
    const out = blanked([
      { address: 0x7008n, length: 4 },
      { address: 0x9fffn, length: 8 },
    ]);
    const dump = dumpOf(out);
    expect(dump.threads[0]!.stack!.bytes.bytes()).toEqual(
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0),
    );
    expect(dump.memory.at(0x9000n)!.bytes.bytes()).toEqual(new Uint8Array(16));
    for (const byte of [2, 3, 4]) expect(Buffer.from(out).indexOf(Buffer.alloc(8, byte))).toBe(-1);
  });

  it("keeps a span in the piece that readers look into", () => {
    const result = blankMinidump(memorySource(synth().without(9).finish()), [
      { address: 0x800cn, length: 8 },
    ]);
    const out = Buffer.from(result.ok ? result.value.whole() : []);
    expect(out.includes(Buffer.alloc(4, 2))).toBe(true);
    expect(out.includes(Buffer.alloc(4, 3))).toBe(true);
    expect(out.includes(Buffer.alloc(5, 2))).toBe(false);
  });

  it("has no environment, no command line and nothing else that is not understood", () => {
    const out = blanked([]);
    expect(Buffer.from(out).includes("topsecret")).toBe(false);
    expect(dumpOf(out).linux.environment).toBeUndefined();
  });

  it("tells all else as before", () => {
    const [before, after] = [dumpOf(synth()), dumpOf(blanked([]))];
    expect(after.modules).toEqual(before.modules);
    expect(after.systemInfo).toEqual(before.systemInfo);
    expect(after.linux.procStatus).toEqual(before.linux.procStatus);
    expect(after.threads.map(({ name, context }) => [name, context])).toEqual(
      before.threads.map(({ name, context }) => [name, context]),
    );
    expect(after.notes).toEqual([]);
  });
});

describe("blanking", () => {
  it("needs a dump, and leaves the one it was given as it is", () => {
    expect(blankMinidump(memorySource(Uint8Array.of(1, 2, 3)), [])).toMatchObject({
      ok: false,
      error: { name: "MissingHeader" },
    });
    const bytes = synthMinidump().memory(region(0x8000n, 2)).finish();
    const copy = bytes.slice();
    blankMinidump(memorySource(bytes), []);
    expect(bytes).toEqual(copy);
  });
});
