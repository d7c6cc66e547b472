import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMinidump } from "../read-minidump.ts";
import { synthMinidump } from "../synth/index.ts";
import { ByteReader } from "./byte-reader.ts";
import { fileSource, memorySource } from "./byte-source.ts";

const PAGE_BYTES = 16;

/** A file with those bytes, and what is fetched of it: place and bytes. */
function fileOf(bytes: Uint8Array) {
  const fetched: [number, number][] = [];
  const fill = (into: Uint8Array, at: number) => {
    if (at + into.length > bytes.length) throw new RangeError("read behind the end");
    fetched.push([at, into.length]);
    into.set(bytes.subarray(at, at + into.length));
  };
  return { file: { length: bytes.length, fill }, fetched };
}

const counted = (length: number) => Uint8Array.from({ length }, (_, index) => index);

describe("a file that is read by position", () => {
  it("answers as the same bytes in memory do, wherever pages end", () => {
    const bytes = counted(100);
    const source = fileSource(fileOf(bytes).file, PAGE_BYTES);
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), fc.nat(99), (from, to, within) => {
        const [at, length] = [Math.min(from, to), Math.abs(from - to)];
        const [there, here] = [source, memorySource(bytes)].map(
          (each) => new ByteReader(each, "little", at, length),
        );
        expect(there!.bytes()).toEqual(here!.bytes());
        expect(there!.indexOf(within, 0)).toBe(here!.indexOf(within, 0));
        for (const field of ["u8", "u16", "u32", "u64"] as const) {
          const read = (reader: ByteReader) => {
            try {
              return reader[field](within);
            } catch (error) {
              return error instanceof RangeError;
            }
          };
          expect(read(there!)).toBe(read(here!));
        }
      }),
    );
  });

  it("is fetched by pages, each once", () => {
    const { file, fetched } = fileOf(counted(100));
    const reader = new ByteReader(fileSource(file, PAGE_BYTES), "little");
    for (const at of [40, 44, 33, 40, 96]) reader.u32(at);
    expect(fetched).toEqual([
      [32, 16],
      [96, 4],
    ]);
  });

  it("keeps no more than its share of a file that is read everywhere", () => {
    const { file, fetched } = fileOf(new Uint8Array(PAGE_BYTES * 1000));
    const reader = new ByteReader(fileSource(file, PAGE_BYTES), "little");
    for (let page = 0; page < 1000; page++) reader.u8(page * PAGE_BYTES);
    const before = fetched.length;
    reader.u8(999 * PAGE_BYTES);
    expect(fetched.length).toBe(before);
    reader.u8(0);
    expect(fetched.length).toBe(before + 1);
  });

  it("is a dump like the one in memory, of which no memory is fetched before it is asked for", () => {
    const bytes = synthMinidump()
      .module({ base: 0x40_0000n, size: 0x1000, name: "/usr/bin/app", buildId: "ab".repeat(20) })
      .thread({ id: 1, name: "main", registers: { rip: 0x40_0010n, rsp: 0x7000n } })
      .memory64([{ base: 0x7000n, bytes: new Uint8Array(100_000).fill(7) }])
      .finish();
    const { file, fetched } = fileOf(bytes);
    const read = readMinidump(fileSource(file, PAGE_BYTES));
    const inMemory = readMinidump(bytes);
    if (!read.ok || !inMemory.ok) throw new Error("it is readable");
    const { memory, ...rest } = read.dump;
    const { memory: memoryThere, ...restThere } = inMemory.dump;
    expect(rest).toEqual(restThere);
    expect(fetched.reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(20_000);
    expect(memory.at(0x7010n)!.bytes.bytes()).toEqual(memoryThere.at(0x7010n)!.bytes.bytes());
  });
});
