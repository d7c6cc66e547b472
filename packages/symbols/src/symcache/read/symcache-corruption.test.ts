import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shown, shownRules, symcacheBytes, symText } from "../../test-support/sym-text.ts";
import { Symcache } from "./symcache.ts";

const good = await symcacheBytes([
  symText(
    "FILE 0 a.c",
    "INLINE_ORIGIN 0 inlined",
    "FUNC 1000 20 0 f",
    "INLINE 0 9 0 0 1000 8",
    "1000 8 1 0",
    "PUBLIC 300000000 0 p",
    "STACK CFI INIT 1000 20 .cfa: $rsp 8 + .ra: .cfa -8 + ^",
  ),
]);

const corrupt = expect.objectContaining({ name: "MaydayError", code: "SYMCACHE_CORRUPT" });

function opened(file: Buffer): unknown {
  try {
    const symcache = new Symcache(file);
    symcache.verify();
    return symcache;
  } catch (error) {
    return error;
  }
}

describe("a damaged symcache", () => {
  it("is refused with any byte changed", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const file = Buffer.from(good);
        file[at] = (file[at] as number) ^ change;
        expect(opened(file)).toEqual(corrupt);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused with any bit of its head or foot changed", () => {
    const bits = Array.from({ length: 8 * (16 + 32) }, (_, i) =>
      i < 128 ? i : 8 * good.length - 1 - (i - 128),
    );
    for (const bit of bits) {
      const file = Buffer.from(good);
      file[bit >> 3] = (file[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(opened(file)).toEqual(corrupt);
    }
  });

  it("is refused when it ends anywhere, or has something behind it", () => {
    for (let length = 0; length < good.length; length++)
      expect(opened(good.subarray(0, length))).toEqual(corrupt);
    expect(opened(Buffer.concat([good, Buffer.alloc(1)]))).toEqual(corrupt);
  });

  it("is refused when it is something else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(opened(Buffer.from(bytes))).toEqual(corrupt);
      }),
    );
  });
});

describe("a good symcache", () => {
  it("answers wherever its bytes lie in memory", () => {
    for (let offset = 0; offset < 9; offset++) {
      const memory = Buffer.alloc(offset + good.length);
      good.copy(memory, offset);
      const symcache = new Symcache(memory.subarray(offset));
      expect(shown(symcache.lookup(0x1000))).toBe("inlined a.c:1 < f a.c:9");
      expect(shown(symcache.lookup(0x3_0000_0001))).toBe("p -:-");
      expect(shownRules(symcache.cfiRules(0x101f))).toBe(".cfa: rsp 8 + .ra: .cfa -8 + ^");
    }
  });

  it("tells how much memory it may come to hold, whatever its length", () => {
    expect(new Symcache(good).size).toBeLessThan(1_100_000);
  });
});
