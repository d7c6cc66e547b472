import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { memorySource } from "./byte-source.ts";

const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);

describe("ByteReader", () => {
  it("reads numbers in little order", () => {
    const reader = new ByteReader(memorySource(bytes), "little");
    expect(reader.u8(8)).toBe(9);
    expect(reader.u16(0)).toBe(0x0201);
    expect(reader.u32(1)).toBe(0x05040302);
    expect(reader.u64(0)).toBe(0x0807060504030201n);
  });

  it("reads numbers in big order", () => {
    const reader = new ByteReader(memorySource(bytes), "big");
    expect(reader.u16(0)).toBe(0x0102);
    expect(reader.u32(1)).toBe(0x02030405);
    expect(reader.u64(0)).toBe(0x0102030405060708n);
  });

  it("answers undefined for a range that is not all there", () => {
    const reader = new ByteReader(memorySource(bytes), "little");
    expect(reader.range(8, 1)?.bytes()).toEqual(Uint8Array.of(9));
    expect(reader.range(9, 0)?.length).toBe(0);
    expect(reader.range(8, 2)).toBeUndefined();
    expect(reader.range(10, 0)).toBeUndefined();
    expect(reader.range(0xffff_ffff, 0xffff_ffff)).toBeUndefined();
    expect(reader.range(-1, 1)).toBeUndefined();
  });

  it("keeps a range from reaching what lies behind it", () => {
    const range = new ByteReader(memorySource(bytes), "little").range(2, 4)!;
    expect(range.u32(0)).toBe(0x06050403);
    expect(() => range.u32(1)).toThrow(RangeError);
  });

  it("reads bytes that do not begin their buffer", () => {
    expect(new ByteReader(memorySource(bytes.subarray(4)), "little").u16(0)).toBe(0x0605);
  });
});
