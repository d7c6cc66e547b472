import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordsOf, recordsOfPieces } from "../test-support/records.ts";

/** The records of some lines, each with its newline. */
function read(...lines: readonly string[]): readonly string[] {
  const { records, report } = recordsOf(lines.map((line) => `${line}\n`).join(""));
  expect(report.samples).toEqual([]);
  return records;
}

/** How many of some lines are bad, and the records of the others. */
function readBad(...lines: readonly string[]): { bad: number; records: readonly string[] } {
  const { records, report } = recordsOf(lines.map((line) => `${line}\n`).join(""));
  return { bad: report.badLines, records };
}

const every = [
  "MODULE windows x86_64 5A9832E5287241C1838ED98914E9B7FF1 test app.pdb",
  "INFO CODE_ID 5ED439916EB4000 xul.dll",
  "INFO GENERATOR mozilla/dump_syms 2.3.1",
  "FILE 0 /src/a file.c",
  "INLINE_ORIGIN 7 inlined(int, char)",
  "FUNC m 1000 3f a0 function(int, char)",
  "INLINE 0 12 0 7 1000 8 1010 4",
  "1000 3f 42 0",
  "PUBLIC m 2000 8 operator new(unsigned long)",
  "STACK WIN 4 a1080 fa 9 0 c 0 0 0 1 $T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + =",
  "STACK WIN 0 1cab960 68 0 0 10 0 8 0 0 0",
  "STACK CFI INIT 1000 3f .cfa: $rsp 8 + .ra: .cfa -8 + ^",
  "STACK CFI 1001 .cfa: $rsp 16 +",
];

const everyRecord = [
  'module windows x86_64 5A9832E5287241C1838ED98914E9B7FF1 "test app.pdb"',
  'code id 5ED439916EB4000 "xul.dll"',
  'file 0 "/src/a file.c"',
  'origin 7 "inlined(int, char)"',
  'func 4096 63 160 "function(int, char)"',
  "inline 0 12 0 7 4096 8",
  "inline 0 12 0 7 4112 4",
  "line 4096 63 42 0",
  'public 8192 8 "operator new(unsigned long)"',
  'frame data 659584 250 9 0 12 0 0 0 "$T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + ="',
  "fpo 30062944 104 0 0 16 0 8 0 false",
  'cfi init 4096 63 ".cfa: $rsp 8 + .ra: .cfa -8 + ^"',
  'cfi 4097 ".cfa: $rsp 16 +"',
];

describe("a symbol file's records", () => {
  it("are all read", () => {
    expect(read(...every)).toEqual(everyRecord);
  });

  it("may end in CRLF, also with a CR too many", () => {
    expect(recordsOf(every.map((line) => `${line}\r\n`).join("")).records).toEqual(everyRecord);
    expect(recordsOf(every.map((line) => `${line}\r\r\n`).join("")).records).toEqual(everyRecord);
  });

  it("need no newline behind the last one", () => {
    expect(recordsOf(every.join("\n")).records).toEqual(everyRecord);
    expect(recordsOf(every.join("\r\n")).records).toEqual(everyRecord);
  });

  it("may have blank lines between them", () => {
    const { records, report } = recordsOf(every.join("\n\n\r\n"));
    expect(records).toEqual(everyRecord);
    expect(report).toMatchObject({ badLines: 0, lines: every.length * 3 - 2 });
  });

  it("may have several blanks or tabs between fields", () => {
    expect(read("FILE  0   a  b.c", "FUNC\t1000\t3f\t0\tf", "1000 \t 3f\t42 0 ")).toEqual([
      'file 0 "a  b.c"',
      'func 4096 63 0 "f"',
      "line 4096 63 42 0",
    ]);
  });

  it("tell the marker m from a name m", () => {
    expect(read("FUNC 1000 10 0 m", "FUNC m 2000 10 0 m", "PUBLIC 3000 0 m", "PUBLIC m 4000 0 m")).toEqual([
      'func 4096 16 0 "m"',
      'func 8192 16 0 "m"',
      'public 12288 0 "m"',
      'public 16384 0 "m"',
    ]);
  });

  it("may have no name", () => {
    expect(
      read("FUNC 1000 10 0 ", "FUNC 2000 10 0", "PUBLIC 3000 0 ", "FILE 1 ", "INLINE_ORIGIN 2 "),
    ).toEqual(['func 4096 16 0 ""', 'func 8192 16 0 ""', 'public 12288 0 ""', 'file 1 ""', 'origin 2 ""']);
  });

  it("have names in UTF-8", () => {
    expect(read("FUNC 1000 10 0 größe::😀")).toEqual(['func 4096 16 0 "größe::😀"']);
  });

  it("take hex in both cases, and up to 16 digits", () => {
    expect(read("FUNC 000000000000AbCd 0000000F 0 f", "000000000000abcd f 1 0")).toEqual([
      'func 43981 15 0 "f"',
      "line 43981 15 1 0",
    ]);
    expect(read("PUBLIC 1fffffffffffff 0 last")).toEqual([`public ${2 ** 53 - 1} 0 "last"`]);
  });

  it("take line records that begin with F", () => {
    expect(read("FUNC f000 10 0 f", "F000 8 1 0", "f008 8 2 0", "FF08 1 3 0")).toHaveLength(4);
  });

  it("may have a code id without a file, and anything as INFO", () => {
    expect(read("INFO CODE_ID 84d9efab", "INFO GENERATOR x y", "INFO")).toEqual(['code id 84d9efab ""']);
  });

  it("may tell where the text came from", () => {
    expect(read("INFO URL http://x/y z")).toEqual(["url http://x/y z"]);
  });

  it("may lay out Windows frames; types other than 0 and 4 are nothing to unwind by", () => {
    expect(
      read(
        "STACK WIN 0 10 1 2 3 4 5 6 7 0 1",
        "STACK WIN 3 10 1 2 3 4 5 6 7 0 1",
        "STACK WIN 4 10 1 2 3 4 5 6 7 1 ",
      ),
    ).toEqual(["fpo 16 1 2 3 4 5 6 7 true", 'frame data 16 1 2 3 4 5 6 7 ""']);
  });

  it("may have FILE and INFO records within a function", () => {
    expect(read("FUNC 1000 10 0 f", "FILE 3 a.c", "INFO x", "1000 10 1 3")).toContain("line 4096 16 1 3");
  });
});

describe("bad lines", () => {
  it.each([
    ["an unknown record", "HELLO world"],
    ["a leading blank", " FUNC 1000 10 0 f"],
    ["a record name without its blank", "FUNC1000 10 0 f"],
    ["a FUNC without its parameter size", "FUNC 1000 10"],
    ["a size of more than 32 bits", "FUNC 1000 100000000 0 f"],
    ["an address of 17 digits", "FUNC 00000000000001000 10 0 f"],
    ["an address beyond 2^53", "FUNC ffffffffffffffff 10 0 f"],
    ["an address that is no hex", "FUNC 10x0 10 0 f"],
    ["a FILE without id", "FILE name"],
    ["a FILE of more than 32 bits", "FILE 4294967296 name"],
    ["a FILE of a negative id", "FILE -1 name"],
    ["an INLINE_ORIGIN without id", "INLINE_ORIGIN f"],
    ["a MODULE without id", "MODULE Linux x86_64"],
    ["a MODULE whose id is no hex", "MODULE Linux x86_64 xyz app"],
    ["a PUBLIC without parameter size", "PUBLIC 1000"],
    ["an unknown STACK", "STACK ARM 1000"],
    ["frame data without a program", "STACK WIN 4 10 1 2 3 4 5 6 7 0 1"],
    ["a frame pointer's omission with a program", "STACK WIN 0 10 1 2 3 4 5 6 7 1 $eip"],
    ["a STACK WIN that lacks fields", "STACK WIN 4 10 1 2 3 4 5 6 7"],
    ["a STACK WIN of a type of two digits", "STACK WIN 10 10 1 2 3 4 5 6 7 0 1"],
    ["a STACK CFI INIT without size", "STACK CFI INIT 1000"],
  ])("are counted and left out: %s", (_, line) => {
    expect(readBad(line, "FILE 0 a.c")).toEqual({ bad: 1, records: ['file 0 "a.c"'] });
  });

  it.each([
    ["three fields", "1000 10 5"],
    ["five fields", "1000 10 5 0 0"],
    ["a negative line", "1000 10 -5 0"],
    ["a decimal of 11 digits", "1000 10 00000000005 0"],
    ["an inlined range without size", "INLINE 0 1 0 0 1000"],
    ["an inlined range of which only the first half is right", "INLINE 0 1 0 0 1000 8 zz 8"],
    ["an inlined range without any", "INLINE 0 1 0 0"],
  ])("of a function are counted and left out: %s", (_, line) => {
    const { bad, records } = readBad("FUNC 1000 10 0 f", line, "1000 10 1 0");
    expect(bad).toBe(1);
    expect(records).toEqual(['func 4096 16 0 "f"', "line 4096 16 1 0"]);
  });

  it("are lines and inlined ranges outside a function", () => {
    expect(readBad("1000 10 1 0", "INLINE 0 1 0 0 1000 8")).toEqual({ bad: 2, records: [] });
    expect(readBad("FUNC 1000 10 0 f", "PUBLIC 2000 0 p", "1000 10 1 0").bad).toBe(1);
    expect(readBad("FUNC 1000 10 0 f", "STACK WIN 0 10 1 0 0 0 0 0 0 0 0", "1000 10 1 0").bad).toBe(1);
    expect(readBad("FUNC 1000 10 0 f", "FUNC zz 10 0 g", "1000 10 1 0").bad).toBe(2);
  });

  it("are call-frame changes without their range: they would fall upon the one before", () => {
    expect(readBad("STACK CFI 1000 .cfa: $rsp 8 +").bad).toBe(1);
    const good = ["STACK CFI INIT 1000 10 .cfa: $rsp 8 +", "STACK CFI 1001 .cfa: $rsp 16 +"];
    expect(readBad(...good, "STACK CFI INIT zz 10 x", "STACK CFI 1002 .cfa: 0").bad).toBe(2);
  });

  it("are told with their numbers, the first five of them", () => {
    const { report } = recordsOf(`FILE 0 a\n${"what is this\n".repeat(7)}`);
    expect(report).toEqual({
      lines: 8,
      badLines: 7,
      samples: [2, 3, 4, 5, 6].map((line) => `line ${line}: what is this`),
    });
  });

  it("are those that are longer than 1 MB, wherever they are cut", () => {
    const longest = `FUNC 1000 10 0 ${"x".repeat(1024 * 1024 - 15)}`;
    expect(recordsOf(`${longest}\nFILE 0 a\n`).report.badLines).toBe(0);
    const tooLong = `${longest}x`;
    const expected = { records: ['file 0 "a"'], bad: 1, lines: 2 };
    for (const cut of [1, 500_000, tooLong.length - 1, tooLong.length, tooLong.length + 1]) {
      const text = `${tooLong}\nFILE 0 a\n`;
      const { records, report } = recordsOf(text.slice(0, cut), text.slice(cut));
      expect({ records, bad: report.badLines, lines: report.lines }).toEqual(expected);
      expect(report.samples[0]).toMatch(/^line 1: FUNC 1000 10 0 x{65}$/);
    }
    expect(recordsOf(tooLong).report.badLines).toBe(1);
  });
});

describe("a symbol file's pieces", () => {
  const text = Buffer.from([...every, "what is this", "", "1000 1 1 1", "FILE 9 größe"].join("\r\n"));
  const whole = recordsOf(text);

  it("may be cut at any byte", () => {
    expect(whole.report.badLines).toBe(2);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(recordsOf(text.subarray(0, cut), text.subarray(cut))).toEqual(whole);
    }
  });

  it("may be of any sizes", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 40 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = at.slice(1).map((end, i) => text.subarray(at[i], end));
        expect(recordsOf(...chunks)).toEqual(whole);
      }),
    );
  });

  it("may be written over once they were read", () => {
    function* inOneBuffer(size: number): Iterable<Uint8Array> {
      const buffer = Buffer.alloc(size);
      for (let at = 0; at < text.length; at += size) {
        yield buffer.subarray(0, text.copy(buffer, 0, at, at + size));
        buffer.fill("x");
      }
    }
    for (const size of [1, 7, 64]) expect(recordsOfPieces(inOneBuffer(size))).toEqual(whole);
  });

  it("may be any bytes", () => {
    const fragment = fc.constantFrom(
      "FUNC ",
      "1000 ",
      "10 ",
      "STACK CFI INIT ",
      "INLINE ",
      "m ",
      "\n",
      "\r\n",
      " ",
    );
    const chunk = fc.oneof(
      fragment.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 60 }), (chunks) => {
        const { records, report } = recordsOf(...chunks);
        expect(recordsOf(Buffer.concat(chunks))).toEqual({ records, report });
      }),
    );
  });
});
