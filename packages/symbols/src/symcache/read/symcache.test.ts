import { describe, expect, it } from "vitest";
import { shown, symcacheOf } from "../../test-support/sym-text.ts";

/** What stands at each of some module offsets. */
async function lookedUp(lines: readonly string[], ...offsets: readonly number[]): Promise<string[]> {
  const symcache = await symcacheOf(...lines);
  return offsets.map((offset) => shown(symcache.lookup(offset)));
}

describe("a function", () => {
  it("is found from its first byte to its last", async () => {
    const found = await lookedUp(["FUNC 1000 10 0 f"], 0xfff, 0x1000, 0x100f, 0x1010);
    expect(found).toEqual(["-", "f -:-", "f -:-", "-"]);
  });

  it("tells where it begins and how many bytes of parameters it takes", async () => {
    expect((await symcacheOf("FUNC 1000 10 c f")).lookup(0x1004)).toEqual({
      function: "f",
      functionStart: 0x1000,
      parameterSize: 12,
      file: undefined,
      line: undefined,
      lineStart: undefined,
      inlines: [],
    });
  });

  it("may stand anywhere in the file", async () => {
    const lines = ["FUNC 3000 10 0 c", "FUNC 1000 10 0 a", "FUNC 2000 10 0 b"];
    expect(await lookedUp(lines, 0x1000, 0x2000, 0x3000)).toEqual(["a -:-", "b -:-", "c -:-"]);
  });

  it("is dropped when it begins inside another, whatever their order", async () => {
    const lines = ["FUNC 1008 100 0 inside", "FUNC 1000 10 0 first"];
    expect(await lookedUp(lines, 0x1008, 0x1010)).toEqual(["first -:-", "-"]);
  });

  it("is the smallest of those that begin together", async () => {
    const lines = ["FUNC 1000 20 0 large", "FUNC 1000 10 0 small", "FUNC 1000 10 0 again"];
    expect(await lookedUp(lines, 0x1000, 0x1010)).toEqual(["small -:-", "-"]);
  });

  it("is none when it has no size, and its lines with it", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 10 0 f", "FUNC 1000 0 0 nothing", "1000 10 7 0"];
    expect(await lookedUp(lines, 0x1000)).toEqual(["f -:-"]);
  });

  it("cuts no public off when it has no size", async () => {
    const lines = ["FUNC 1000 10 0 f", "PUBLIC 1008 0 p", "FUNC 1010 0 0 nothing"];
    expect(await lookedUp(lines, 0x1012)).toEqual(["p -:-"]);
  });

  it("may have no name", async () => {
    expect(await lookedUp(["PUBLIC f00 0 p", "FUNC 1000 10 0 "], 0x1000)).toEqual([" -:-"]);
  });

  it("may lie above 4 GiB, as may its lines, and what is below is still found", async () => {
    const lines = [
      "FILE 0 a.c",
      "FUNC 1000 10 0 low",
      "FUNC 200001000 10 0 high",
      "200001008 8 5 0",
      "PUBLIC 1000 0 low public",
      "PUBLIC 300000000 0 high public",
    ];
    expect(await lookedUp(lines, 0x1000, 0x2_0000_1000, 0x2_0000_1008, 0x3_0000_0000)).toEqual([
      "low -:-",
      "high -:-",
      "high a.c:5",
      "high public -:-",
    ]);
    expect(await lookedUp(lines, 0x2_0000_1008 - 2 ** 32)).toEqual(["-"]);
  });

  it("may reach over the end of 4 GiB", async () => {
    expect(await lookedUp(["FUNC fffffff0 20 0 f"], 0xffff_fff0, 0x1_0000_000f, 0x1_0000_0010)).toEqual([
      "f -:-",
      "f -:-",
      "-",
    ]);
  });

  it("is not found before the module", async () => {
    expect(await lookedUp(["FUNC 0 10 0 f", "PUBLIC 0 0 p"], -1, 0)).toEqual(["-", "f -:-"]);
  });
});

describe("a public", () => {
  it("reaches to the next symbol, and the last one on without end", async () => {
    const lines = ["PUBLIC 1000 0 a", "PUBLIC 2000 0 b"];
    expect(await lookedUp(lines, 0xfff, 0x1000, 0x1fff, 0x2000, 0xffff_ffff)).toEqual([
      "-",
      "a -:-",
      "a -:-",
      "b -:-",
      "b -:-",
    ]);
  });

  it("gives way to a function, and does not reach over it", async () => {
    const lines = ["PUBLIC 1000 0 p", "FUNC 1010 10 0 f"];
    expect(await lookedUp(lines, 0x100f, 0x1010, 0x1020)).toEqual(["p -:-", "f -:-", "-"]);
  });

  it("counts again behind a function, from its address on", async () => {
    const lines = ["FUNC 1000 10 0 f", "PUBLIC 1000 0 same", "PUBLIC 1008 0 inside", "PUBLIC 1020 0 behind"];
    expect(await lookedUp(lines, 0x1004, 0x1008, 0x1010, 0x1020)).toEqual([
      "f -:-",
      "f -:-",
      "inside -:-",
      "behind -:-",
    ]);
  });

  it("is the last by name of those at one address", async () => {
    const lines = ["PUBLIC 1000 9 b", "PUBLIC 1000 8 c", "PUBLIC 1000 4 c", "PUBLIC 1000 0 a"];
    expect((await symcacheOf(...lines)).lookup(0x1000)).toMatchObject({ function: "c", parameterSize: 8 });
  });

  it("may be at offset 0", async () => {
    expect(await lookedUp(["PUBLIC 0 0 p"], 0)).toEqual(["p -:-"]);
  });
});

describe("a line", () => {
  it("covers its range alone", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 20 0 f", "1004 4 7 0", "1010 4 8 0"];
    expect(await lookedUp(lines, 0x1000, 0x1004, 0x1007, 0x1008, 0x1010)).toEqual([
      "f -:-",
      "f a.c:7",
      "f a.c:7",
      "f -:-",
      "f a.c:8",
    ]);
  });

  it("may come in any order, and gives way like a function does", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 20 0 f", "1010 8 3 0", "1000 8 1 0", "1004 10 2 0", "1010 4 4 0"];
    expect(await lookedUp(lines, 0x1004, 0x1008, 0x1010, 0x1014)).toEqual([
      "f a.c:1",
      "f -:-",
      "f a.c:4",
      "f -:-",
    ]);
  });

  it("is unknown without its file", async () => {
    expect(await lookedUp(["FUNC 1000 10 0 f", "1000 10 7 99"], 0x1000)).toEqual(["f -:-"]);
  });

  it("may be 0, and its file have no name", async () => {
    expect(await lookedUp(["FILE 0 ", "FUNC 1000 10 0 f", "1000 10 0 0"], 0x1000)).toEqual(["f :0"]);
  });

  it("takes the last file of an id, also one behind it", async () => {
    const lines = ["FILE 1 a.c", "FUNC 1000 10 0 f", "1000 10 7 1", "FILE 1 b.c"];
    expect(await lookedUp(lines, 0x1000)).toEqual(["f b.c:7"]);
  });

  it("may begin before its function, and says nothing of what is there", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 10 0 f", "ff0 18 7 0", "FUNC f00 100 0 before"];
    expect(await lookedUp(lines, 0xff8, 0x1000, 0x1008)).toEqual(["before -:-", "f a.c:7", "f -:-"]);
  });

  it("is dropped without a size, and when it is further than 2 GiB from its function", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 10 0 f", "1000 0 7 0", "80001000 8 8 0"];
    expect(await lookedUp(lines, 0x1000)).toEqual(["f -:-"]);
  });

  it("belongs to the function before it in the file, not to the one it lies in", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 10 0 f", "FUNC 2000 10 0 g", "1000 10 7 0", "2000 10 8 0"];
    expect(await lookedUp(lines, 0x1000, 0x2000)).toEqual(["f -:-", "g a.c:8"]);
  });
});

describe("inlined functions", () => {
  const nested = [
    "FILE 2 outer.c",
    "FILE 4 mid.c",
    "FILE 7 inner.c",
    "FILE 8 inner2.c",
    "FUNC 1000 30 0 outer",
    "INLINE 0 60 15 2 1000 20",
    "INLINE 1 12 4 3 1000 10",
    "INLINE 1 17 4 1 1010 10",
    "1000 10 42 7",
    "1010 10 52 8",
    "1020 10 62 2",
    "INLINE_ORIGIN 2 mid",
    "INLINE_ORIGIN 3 inner",
    "INLINE_ORIGIN 1 inner2",
    "FILE 15 call.c",
  ];

  it("nest: each one's place is where it calls the next", async () => {
    expect(await lookedUp(nested, 0x1000, 0x1010, 0x1020)).toEqual([
      "inner inner.c:42 < mid mid.c:12 < outer call.c:60",
      "inner2 inner2.c:52 < mid mid.c:17 < outer call.c:60",
      "outer outer.c:62",
    ]);
  });

  const head = [
    "FILE 0 a.c",
    "INLINE_ORIGIN 0 in0",
    "INLINE_ORIGIN 1 in1",
    "INLINE_ORIGIN 2 in2",
    "FUNC 1000 40 0 f",
  ];

  it("may have several ranges each", async () => {
    const lines = [...head, "INLINE 0 9 0 0 1000 4 1010 4", "1000 40 5 0"];
    expect(await lookedUp(lines, 0x1003, 0x1004, 0x1010, 0x1014)).toEqual([
      "in0 a.c:5 < f a.c:9",
      "f a.c:5",
      "in0 a.c:5 < f a.c:9",
      "f a.c:5",
    ]);
  });

  it("come in any order, also behind the lines", async () => {
    const lines = [...head, "1000 40 5 0", "INLINE 1 8 0 1 1000 8", "INLINE 0 9 0 0 1000 10"];
    expect(await lookedUp(lines, 0x1000, 0x1008)).toEqual([
      "in1 a.c:5 < in0 a.c:8 < f a.c:9",
      "in0 a.c:5 < f a.c:9",
    ]);
  });

  it("end at the first depth that is missing", async () => {
    const lines = [...head, "INLINE 0 9 0 0 1000 10", "INLINE 2 8 0 2 1000 10", "1000 40 5 0"];
    expect(await lookedUp(lines, 0x1000)).toEqual(["in0 a.c:5 < f a.c:9"]);
    expect(await lookedUp([...head, "INLINE 1 8 0 1 1000 10", "1000 40 5 0"], 0x1000)).toEqual(["f a.c:5"]);
  });

  it("are hidden by one that begins later at their depth, also behind its end", async () => {
    const lines = [...head, "INLINE 0 9 0 0 1000 20", "INLINE 0 8 0 1 1008 4", "1000 40 5 0"];
    expect(await lookedUp(lines, 0x1004, 0x1008, 0x100c)).toEqual([
      "in0 a.c:5 < f a.c:9",
      "in1 a.c:5 < f a.c:8",
      "f a.c:5",
    ]);
  });

  it("are not hidden by one without size", async () => {
    const lines = [...head, "INLINE 0 9 0 0 1000 20", "INLINE 0 8 0 1 1008 0", "1000 40 5 0"];
    expect(await lookedUp(lines, 0x1008)).toEqual(["in0 a.c:5 < f a.c:9"]);
  });

  it("are left out without a name, but still call the next", async () => {
    const lines = [...head, "INLINE 0 9 0 99 1000 10", "INLINE 1 8 0 1 1000 8", "1000 40 5 0"];
    expect(await lookedUp(lines, 0x1000, 0x1008)).toEqual(["in1 a.c:5 < f a.c:9", "f a.c:9"]);
  });

  it("keep a line without its file, the function around them does not", async () => {
    const lines = [...head, "INLINE 0 9 77 0 1000 10", "INLINE 1 8 77 1 1000 8", "1000 40 5 77"];
    expect(await lookedUp(lines, 0x1000)).toEqual(["in1 -:5 < in0 -:8 < f -:-"]);
  });

  it("have no line 0 in the innermost, and may be called at line 0", async () => {
    const lines = [...head, "INLINE 0 0 0 0 1000 10", "INLINE 1 0 0 1 1000 8", "1000 40 0 0"];
    expect(await lookedUp(lines, 0x1000, 0x1020)).toEqual(["in1 a.c:- < in0 a.c:0 < f a.c:0", "f a.c:0"]);
  });

  it("need no line record", async () => {
    expect(await lookedUp([...head, "INLINE 0 9 0 0 1000 10"], 0x1000)).toEqual(["in0 -:- < f a.c:9"]);
  });

  it("belong to their function, and are dropped with it", async () => {
    const lines = [
      ...head,
      "FUNC 1000 0 0 g",
      "INLINE 0 9 0 0 1000 10",
      "FUNC 1008 8 0 h",
      "INLINE 0 9 0 0 1000 10",
    ];
    expect(await lookedUp(lines, 0x1000)).toEqual(["f -:-"]);
  });
});

describe("as symbolic answers", () => {
  /** What is told of each of some module offsets. */
  async function told(lines: readonly string[], ...offsets: readonly number[]): Promise<string[]> {
    const symcache = await symcacheOf(...lines);
    return offsets.map((offset) => shown(symcache.symbolicate(offset)));
  }

  it("a gap between lines is the line before it, and before the first line is none", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 40 0 f", "1008 8 21 0", "1020 8 22 0"];
    expect(await told(lines, 0x1000, 0x1008, 0x101f, 0x1020, 0x103f, 0x1040)).toEqual([
      "f -:-",
      "f a.c:21",
      "f a.c:21",
      "f a.c:22",
      "f a.c:22",
      "-",
    ]);
  });

  it("of functions that overlap each holds from its places on, and an end is the end of both", async () => {
    const lines = ["FILE 0 a.c", "FUNC 1000 100 0 a", "1000 100 1 0", "FUNC 1080 100 0 b", "1080 100 2 0"];
    expect(await told(lines, 0x107f, 0x1080, 0x10ff, 0x1100, 0x1180)).toEqual([
      "a a.c:1",
      "b a.c:2",
      "b a.c:2",
      "-",
      "-",
    ]);
  });

  it("of functions that begin together the later one holds, up to the first end", async () => {
    const lines = ["FUNC 1000 10 0 small", "FUNC 1000 20 0 large"];
    expect(await told(lines, 0x1000, 0x1010)).toEqual(["large -:-", "-"]);
    expect(await told(lines.toReversed(), 0x1000, 0x1010)).toEqual(["small -:-", "-"]);
  });

  it("a public inside a function holds from there to its next line, and none behind its end", async () => {
    const lines = [
      "FILE 0 a.c",
      "FUNC 1000 20 0 f",
      "1000 10 1 0",
      "1010 10 2 0",
      "PUBLIC 1008 0 p",
      "PUBLIC 1010 0 q",
    ];
    expect(await told(lines, 0x1007, 0x1008, 0x1010, 0x1020)).toEqual(["f a.c:1", "p -:-", "f a.c:2", "-"]);
  });

  it("a public at the end of a function holds, and of several at one address the first of the text", async () => {
    const lines = ["FUNC 1000 10 0 f", "PUBLIC 1010 0 z", "PUBLIC 1010 0 a"];
    expect(await told(lines, 0x1010, 0xffff)).toEqual(["z -:-", "z -:-"]);
    expect(shown((await symcacheOf(...lines)).lookup(0x1010))).toBe("z -:-");
    expect(await told(["PUBLIC 1010 0 a", "PUBLIC 1010 0 z"], 0x1010)).toEqual(["a -:-"]);
  });

  it("nothing is above 4 GiB", async () => {
    expect(await told(["FUNC 100000000 10 0 f"], 0x1_0000_0000)).toEqual(["-"]);
  });
});
