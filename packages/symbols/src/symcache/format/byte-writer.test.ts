import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, fixedAt } from "./byte-reader.ts";
import { ByteWriter, widthOf } from "./byte-writer.ts";

const corrupt = expect.objectContaining({ code: "SYMCACHE_CORRUPT" });

describe("bytes", () => {
  it("give back the numbers that were written", () => {
    const writer = new ByteWriter(1);
    const varints = [0, 1, 127, 128, 16_383, 2 ** 31, 2 ** 32, 2 ** 53 - 1];
    writer.u8(200);
    writer.fixed(65_535, 2);
    writer.u32(2 ** 32 - 1);
    writer.f64(-1.5);
    writer.u64(2n ** 64n - 1n);
    for (const value of varints) writer.varint(value);
    const reader = new ByteReader().start(writer.view());
    expect([reader.u8(), reader.u16(), reader.u32(), reader.f64(), reader.u64()]).toEqual([
      200,
      65_535,
      2 ** 32 - 1,
      -1.5,
      2n ** 64n - 1n,
    ]);
    expect(varints.map(() => reader.varint())).toEqual(varints);
    expect(() => reader.u8()).toThrow(corrupt);
  });

  it("hold numbers in the fewest bytes that hold the largest", () => {
    expect([0, 1, 255, 256, 65_535, 65_536, 2 ** 24 - 1, 2 ** 24, 2 ** 32 - 1].map(widthOf)).toEqual([
      0, 1, 1, 2, 2, 3, 3, 4, 4,
    ]);
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), (value) => {
        const writer = new ByteWriter();
        writer.fixed(value, widthOf(value));
        expect(writer.length).toBe(widthOf(value));
        expect(fixedAt(writer.bytes, 0, widthOf(value))).toBe(value);
      }),
    );
  });

  it("are copied whether few or many", () => {
    const source = Uint8Array.from({ length: 1000 }, (_, i) => i);
    for (const length of [0, 1, 96, 97, 1000]) {
      const writer = new ByteWriter(1);
      writer.u8(7);
      writer.append(source, 0, length);
      expect([...writer.view()]).toEqual([7, ...source.subarray(0, length)]);
    }
  });

  it("are never read behind their end, nor for ever", () => {
    const reader = new ByteReader();
    const bytes = Buffer.alloc(100, 0xff);
    expect(() => reader.start(bytes, 0, 3).u32()).toThrow(corrupt);
    expect(() => reader.start(bytes, 0, 3).take(4)).toThrow(corrupt);
    expect(() => reader.start(bytes, 0, 3).skip(4)).toThrow(corrupt);
    expect(() => reader.start(bytes).varint()).toThrow(corrupt);
  });
});
