import { describe, expect, it } from "vitest";
import { bytesInMemory } from "../symcache/read/symcache-bytes.ts";
import { shown, shownRules, symcacheOf, symText } from "../test-support/sym-text.ts";
import { readCounted, textSymbolsOf } from "../test-support/text-symbols.ts";

const repeated = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

const hex = (value: number) => value.toString(16);

describe("a text that answers itself", () => {
  it("reads what an answer needs, and nothing again that it has read", () => {
    const functions = repeated(20_000, (i) => `FUNC ${hex(i * 64)} 40 0 f${i}\n${hex(i * 64)} 40 ${i + 1} 0`);
    const { symbols, read } = readCounted(symText("FILE 0 a.c", functions));
    expect(shown(symbols.lookup(64_000))).toBe("f1000 a.c:1001");
    const once = read();
    expect(once).toBeLessThan(1000);
    expect(shown(symbols.lookup(64_001))).toBe("f1000 a.c:1001");
    expect(read()).toBe(once);
  });

  it("names files and inlined functions by the last record of their id, wherever it stands", () => {
    const symbols = textSymbolsOf(
      symText(
        "FILE 7 old.c",
        "FUNC 1000 40 0 f",
        "INLINE 0 12 7 3 1010 8",
        "FILE 7 new.c",
        "1000 40 5 7",
        "INLINE_ORIGIN 3 g",
        "PUBLIC 2000 0 p",
        "INLINE_ORIGIN 3 h",
      ),
    )!;
    expect(shown(symbols.lookup(0x1012))).toBe("h new.c:5 < f new.c:12");
  });

  it("lets a function that has ended hide the public before it", () => {
    const symbols = textSymbolsOf(symText("PUBLIC 1000 0 p", "FUNC 2000 10 0 f"))!;
    expect(shown(symbols.lookup(0x1fff))).toBe("p -:-");
    expect(symbols.lookup(0x2_0000)).toBeUndefined();
  });

  it("has of several publics at one address the last by name, as a symcache does", async () => {
    const lines = ["PUBLIC 1000 0 b", "PUBLIC 1000 0 c", "PUBLIC 1000 0 a"];
    const [text, symcache] = [textSymbolsOf(symText(...lines))!, await symcacheOf(...lines)];
    for (const symbols of [text, symcache]) expect(shown(symbols.lookup(0x1000))).toBe("c -:-");
  });

  it("ends with a line that no line end follows", () => {
    const text = symText("FUNC 1000 40 0 f", "1000 40 5 0", "FILE 0 a.c").subarray(0, -1);
    expect(shown(textSymbolsOf(text)!.lookup(0x1000))).toBe("f a.c:5");
  });

  it.each([
    [
      "changes stand apart from their range",
      ["STACK CFI INIT 1000 9 .cfa: $rsp 8 +", "PUBLIC 1 0 p", "STACK CFI 1001 .ra: $rsp"],
    ],
    [
      "STACK WIN records are out of order",
      ["STACK WIN 0 2000 9 0 0 0 0 0 0 0 1", "STACK WIN 0 1000 9 0 0 0 0 0 0 0 1"],
    ],
  ])("is not made where %s: parts of it may say something else than the whole", (_, lines) => {
    expect(textSymbolsOf(symText(...lines))).toBeUndefined();
  });

  it("tells of a text that cannot be read any more, and that it is damaged", () => {
    const text = symText("FUNC 1000 40 0 f");
    const told: string[] = [];
    const symbols = textSymbolsOf(
      text,
      { onDamage: () => told.push("damaged") },
      {
        ...bytesInMemory(text),
        read: () => {
          throw new Error("the file ends too early");
        },
      },
    )!;
    expect(() => symbols.lookup(0x1000)).toThrow(expect.objectContaining({ code: "SYMCACHE_CORRUPT" }));
    expect(told).toEqual(["damaged"]);
  });
});

/** However hostile the text and whatever is asked, so many times its length is read at most. */
const MOST_READ = 3;

describe("a hostile text that answers itself", () => {
  it("has a million functions at one address", () => {
    const functions = repeated(1_000_000, (i) => `FUNC 1000 ${hex(1_000_000 - i)} 0 f`);
    const { symbols, read, length } = readCounted(symText(functions));
    for (let offset = 0; offset < 2000; offset++) symbols.lookup(offset * 10);
    expect(symbols.lookup(0x1000)).toMatchObject({ functionStart: 0x1000 });
    expect(read()).toBeLessThan(MOST_READ * length);
  });

  it("has a hundred thousand publics at one address, and functions before which they count", () => {
    const publics = repeated(100_000, (i) => `PUBLIC 1000 0 p${i}`);
    const functions = repeated(1000, (i) => `FUNC ${hex(0x2000 + 16 * i)} 10 0 f${i}`);
    const { symbols, read, length } = readCounted(symText(publics, functions));
    for (let i = 0; i < 1000; i++) expect(symbols.lookup(0x2000 + 16 * i)?.function).toBe(`f${i}`);
    expect(symbols.lookup(0x1fff)?.function).toBe("p99999");
    expect(read()).toBeLessThan(MOST_READ * length);
  });

  it("has one range over everything, with a change at each address", () => {
    const changes = repeated(200_000, (i) => `STACK CFI ${hex(i + 1)} .cfa: $rsp ${(i % 50) * 8} +`);
    const text = symText("STACK CFI INIT 0 fffffff .cfa: $rsp 8 + .ra: .cfa -8 + ^", changes);
    const { symbols, read, length } = readCounted(text);
    for (let offset = 1; offset < 200_000; offset += 7) symbols.cfiRules(offset);
    expect(shownRules(symbols.cfiRules(151))).toBe(".cfa: rsp 0 + .ra: .cfa -8 + ^");
    expect(read()).toBeLessThan(MOST_READ * length);
  });

  it("has lines without end", () => {
    const name = "x".repeat(3_000_000);
    const { symbols, read, length } = readCounted(
      symText(`FUNC 1000 40 0 ${name}`, "FUNC 2000 40 0 f", `FILE 0 ${name}`),
    );
    for (let offset = 0; offset < 1000; offset++) symbols.lookup(offset * 64);
    expect([symbols.lookup(0x1000), symbols.lookup(0x2000)?.function]).toEqual([undefined, "f"]);
    expect(read()).toBeLessThan(MOST_READ * length);
  });
});
