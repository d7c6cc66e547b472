import { describe, expect, it } from "vitest";
import type { Minidump } from "../minidump.ts";
import { SynthBytes, synthMinidump } from "../synth/index.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";

const region = (base: bigint, ...bytes: number[]) => ({ base, bytes: Uint8Array.from(bytes) });

/** The memory that a dump has, as {@link region}s. */
const regionsOf = ({ memory }: Minidump) =>
  memory.regions.map(({ base, bytes }) => ({ base, bytes: bytes.bytes() }));

describe.each(byteOrders)("memory lists, %s endian", (byteOrder) => {
  it("reads the MemoryList, sorted", () => {
    const synth = synthMinidump({ byteOrder })
      .memory(region(0x2000n, 4, 5))
      .memory(region(0x1000n, 1, 2, 3));
    const dump = dumpOf(synth);
    expect(regionsOf(dump)).toEqual([region(0x1000n, 1, 2, 3), region(0x2000n, 4, 5)]);
    expect(dump.memory.at(0x2001n)?.bytes.bytes()).toEqual(Uint8Array.of(4, 5));
    expect(dump.notes).toEqual([]);
  });

  it("reads the Memory64List and prefers it", () => {
    const synth = synthMinidump({ byteOrder })
      .memory(region(0x1000n, 9))
      .memory64([region(0x1000n, 1, 2, 3), region(0xffff_8000_0000_0000n, 4, 5)]);
    expect(regionsOf(dumpOf(synth))).toEqual([
      region(0x1000n, 1, 2, 3),
      region(0xffff_8000_0000_0000n, 4, 5),
    ]);
  });

  it("falls back to the MemoryList when the other is unreadable", () => {
    const broken = new SynthBytes(byteOrder).u64(1000n, 0n).finish();
    const dump = dumpOf(synthMinidump({ byteOrder }).memory(region(0x1000n, 9)).stream(9, broken));
    expect(regionsOf(dump)).toEqual([region(0x1000n, 9)]);
    expect(dump.notes).toEqual([expect.stringContaining("Memory64List: StreamReadFailure")]);
  });
});

describe("memory lists", () => {
  it("leave out entries that are empty, outside the file or past the address space", () => {
    const stream = new SynthBytes("little").u32(4);
    stream.u64(0x1000n).u32(0, 32).u64(0x2000n).u32(16, 0xffff_0000);
    stream
      .u64((1n << 64n) - 2n)
      .u32(3, 32)
      .u64((1n << 64n) - 2n)
      .u32(2, 32);
    const dump = dumpOf(synthMinidump().stream(5, stream.finish()));
    expect(regionsOf(dump)).toEqual([{ base: (1n << 64n) - 2n, bytes: Uint8Array.of(7, 0) }]);
    expect(dump.notes).toEqual(["MemoryList: 3 of 4 entries have no readable bytes"]);
  });

  it("keep what the file's end leaves of an entry", () => {
    const stream = (file: { place(bytes: Uint8Array): { rva: number } }) => {
      const { rva } = file.place(Uint8Array.of(1, 2, 3));
      return new SynthBytes("little").u32(1).u64(0x1000n).u32(0x10_0000, rva).finish();
    };
    const [cut] = dumpOf(synthMinidump().stream(5, stream)).memory.regions;
    expect([...cut!.bytes.bytes(0, 3)]).toEqual([1, 2, 3]);
  });

  it("take no offset of 0 for a place in the file", () => {
    const list = new SynthBytes("little").u32(1).u64(0x1000n).u32(16, 0).finish();
    expect(dumpOf(synthMinidump().stream(5, list)).memory.regions).toEqual([]);
    const full = new SynthBytes("little").u64(1n, 0n, 0x1000n, 16n).finish();
    expect(dumpOf(synthMinidump().stream(9, full)).memory.regions).toEqual([]);
  });

  it("may end with the file's last byte, and not behind it", () => {
    const ending = (rva: number, size: bigint) =>
      synthMinidump().stream(9, new SynthBytes("little").u64(1n, BigInt(rva), 0x1000n, size).finish());
    const { length } = ending(0, 0n).finish();
    expect(dumpOf(ending(length - 4, 4n)).memory.regions).toHaveLength(1);
    const outside = dumpOf(ending(length - 4, 5n));
    expect(outside.memory.regions.map(({ bytes }) => bytes.length)).toEqual([4]);
    expect(outside.notes).toEqual(["Memory64List: the bytes of 1 of 1 entries lie outside the file"]);
  });

  it("keep what a cut-off full-memory dump still has", () => {
    const bytes = synthMinidump().memory64([region(0x1000n, 1), region(0x2000n, 2, 3)]);
    const stream = new SynthBytes("little").u64(3n, 32n).u64(0x1000n, 2n, 0x2000n, 3n, 0x3000n, 1n << 62n);
    const dump = dumpOf(bytes.stream(9, stream.finish()));
    expect(dump.memory.regions.map(({ base, bytes }) => [base, bytes.length])).toEqual([
      [0x1000n, 2],
      [0x2000n, 3],
      [0x3000n, expect.any(Number)],
    ]);
    expect(dump.notes).toEqual(["Memory64List: the bytes of 1 of 3 entries lie outside the file"]);
  });
});
