import { describe, expect, it } from "vitest";
import { shownRules, symcacheOf } from "../../test-support/sym-text.ts";

const RULES = ".cfa: rsp 8 + .ra: .cfa -8 + ^";

/** The call-frame rules at each of some module offsets. */
async function rulesAt(
  lines: readonly string[],
  ...offsets: readonly number[]
): Promise<(string | undefined)[]> {
  const symcache = await symcacheOf(...lines);
  return offsets.map((offset) => {
    const rules = symcache.cfiRules(offset);
    return rules && shownRules(rules);
  });
}

describe("call-frame rules", () => {
  it("hold from the begin of their range to its end", async () => {
    const lines = [`STACK CFI INIT 1000 10 ${RULES}`];
    expect(await rulesAt(lines, 0, 0xfff, 0x1000, 0x100f, 0x1010)).toEqual([
      undefined,
      undefined,
      RULES,
      RULES,
      undefined,
    ]);
  });

  it("are none in a module without any", async () => {
    expect(await rulesAt(["FUNC 0 10 0 f"], 0, 8)).toEqual([undefined, undefined]);
  });

  it("may hold from offset 0 on", async () => {
    expect(await rulesAt([`STACK CFI INIT 0 10 ${RULES}`], 0, 0x10)).toEqual([RULES, undefined]);
  });

  it("hold in ranges that follow each other, with and without a gap", async () => {
    const lines = [
      "STACK CFI INIT 1000 8 .cfa: 1",
      "STACK CFI INIT 1008 8 .cfa: 2",
      "STACK CFI INIT 1020 8 .cfa: 1",
    ];
    expect(await rulesAt(lines, 0x1007, 0x1008, 0x1010, 0x101f, 0x1020, 0x1028)).toEqual([
      ".cfa: 1",
      ".cfa: 2",
      undefined,
      undefined,
      ".cfa: 1",
      undefined,
    ]);
  });

  it("are the same object where they are the same rules", async () => {
    const symcache = await symcacheOf(`STACK CFI INIT 1000 10 ${RULES}`, `STACK CFI INIT 2000 10  ${RULES} `);
    // Kept once they are asked for again.
    symcache.cfiRules(0x1000);
    expect(symcache.cfiRules(0x1000)).toBe(symcache.cfiRules(0x2000));
  });

  it("stand in ranges in any order; one that begins inside another is dropped", async () => {
    const lines = [
      "STACK CFI INIT 1008 10 .cfa: 2",
      "STACK CFI 1009 .cfa: 3",
      "STACK CFI INIT 1000 10 .cfa: 1",
    ];
    expect(await rulesAt(lines, 0x1009, 0x1010)).toEqual([".cfa: 1", undefined]);
  });

  it("of a range without size are none", async () => {
    const lines = [
      "STACK CFI INIT 1000 0 .cfa: 1",
      "STACK CFI 1000 .cfa: 2",
      "STACK CFI INIT 1000 8 .cfa: 3",
    ];
    expect(await rulesAt(lines, 0x1000)).toEqual([".cfa: 3"]);
  });

  it("lie above 4 GiB", async () => {
    const lines = [
      "STACK CFI INIT 1000 8 .cfa: 1",
      "STACK CFI INIT 100001000 8 .cfa: 2",
      "STACK CFI 100001004 a: 3",
    ];
    expect(await rulesAt(lines, 0x1000, 0x1_0000_1000, 0x1_0000_1004, 0x1_0000_1008)).toEqual([
      ".cfa: 1",
      ".cfa: 2",
      ".cfa: 2 a: 3",
      undefined,
    ]);
  });
});

describe("changes of call-frame rules", () => {
  const init = `STACK CFI INIT 1000 10 ${RULES} rbx: 1`;

  it("hold from their address on, for the registers they name", async () => {
    const lines = [init, "STACK CFI 1004 .cfa: rsp 16 + rbp: .cfa -16 + ^", "STACK CFI 1008 rbx: 2"];
    expect(await rulesAt(lines, 0x1003, 0x1004, 0x1008, 0x100f, 0x1010)).toEqual([
      `${RULES} rbx: 1`,
      ".cfa: rsp 16 + .ra: .cfa -8 + ^ rbx: 1 rbp: .cfa -16 + ^",
      ".cfa: rsp 16 + .ra: .cfa -8 + ^ rbx: 2 rbp: .cfa -16 + ^",
      ".cfa: rsp 16 + .ra: .cfa -8 + ^ rbx: 2 rbp: .cfa -16 + ^",
      undefined,
    ]);
  });

  it("count by address and not by their order", async () => {
    const lines = [init, "STACK CFI 1008 rbx: 8", "STACK CFI 1004 rbx: 4", "STACK CFI 100c rbx: 12"];
    expect(
      (await rulesAt(lines, 0x1000, 0x1004, 0x1008, 0x100c)).map((rules) => rules?.split(" ").at(-1)),
    ).toEqual(["1", "4", "8", "12"]);
  });

  it("at one address count by their text (the peer sorts them so)", async () => {
    for (const changes of [
      ["STACK CFI 1004 rbx: 9", "STACK CFI 1004 rbx: 3"],
      ["STACK CFI 1004 rbx: 3", "STACK CFI 1004 rbx: 9"],
    ]) {
      expect(await rulesAt([init, ...changes], 0x1004)).toEqual([`${RULES} rbx: 9`]);
    }
  });

  it("tell where their range begins", async () => {
    const symcache = await symcacheOf(
      init,
      "STACK CFI 1004 rbx: 9",
      `STACK CFI INIT 1010 8 ${RULES}`,
      `STACK CFI INIT 1018 8 ${RULES}`,
    );
    const begins = [0xfff, 0x1000, 0x1001, 0x1004, 0x1010, 0x1018, 0x1020];
    expect(begins.filter((offset) => symcache.beginsCfiRange(offset))).toEqual([0x1000, 0x1010, 0x1018]);
  });

  it("may be many thousands, and are found each", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => {
      const address = (0x1000 + 32 * i).toString(16);
      return `STACK CFI INIT ${address} 10 .cfa: ${i}`;
    });
    const offsets = [0, 511, 512, 1024, 2999].flatMap((i) => [0x1000 + 32 * i, 0x1010 + 32 * i]);
    expect(await rulesAt(lines, ...offsets)).toEqual(
      [0, 511, 512, 1024, 2999].flatMap((i) => [`.cfa: ${i}`, undefined]),
    );
  });

  it("at or before the begin of their range hold from there", async () => {
    expect(await rulesAt([init, "STACK CFI 1000 rbx: 5"], 0x1000)).toEqual([`${RULES} rbx: 5`]);
    expect(await rulesAt([init, "STACK CFI ff0 rbx: 5"], 0xff0, 0x1000)).toEqual([
      undefined,
      `${RULES} rbx: 5`,
    ]);
  });

  it("beyond the end of their range hold nowhere", async () => {
    const lines = [init, "STACK CFI 1010 rbx: 5", "STACK CFI 1020 rbx: 6", "STACK CFI INIT 1018 10 .cfa: 1"];
    expect(await rulesAt(lines, 0x100f, 0x1010, 0x1020)).toEqual([`${RULES} rbx: 1`, undefined, ".cfa: 1"]);
  });

  it("belong to the range before them in the file", async () => {
    const lines = [init, "STACK CFI INIT 2000 10 .cfa: 2", "STACK CFI 1004 rbx: 5", "STACK CFI 2004 rbx: 6"];
    expect(await rulesAt(lines, 0x1004, 0x2000, 0x2004)).toEqual([
      `${RULES} rbx: 1`,
      ".cfa: 2 rbx: 5",
      ".cfa: 2 rbx: 6",
    ]);
  });
});

describe("malformed call-frame rules", () => {
  const broken = undefined;

  it.each([
    ["without any rule", ""],
    ["with a word before the first register", "8 .cfa: rsp"],
    ["with a register without expression", ".cfa: .ra: 8"],
    ["with a last register without expression", ".cfa: 8 .ra:"],
  ])("are no rules at all: %s", async (_, rules) => {
    expect(await rulesAt([`STACK CFI INIT 1000 10 ${rules}`], 0x1000)).toEqual([broken]);
    expect(
      await rulesAt([`STACK CFI INIT 1000 10 ${RULES}`, `STACK CFI 1004 ${rules}`], 0x1000, 0x1004),
    ).toEqual([RULES, broken]);
  });

  it("cannot be mended by later ones", async () => {
    const lines = [`STACK CFI INIT 1000 10 ${RULES}`, "STACK CFI 1004 what", `STACK CFI 1008 ${RULES}`];
    expect(await rulesAt(lines, 0x1000, 0x1008, 0x1010)).toEqual([RULES, broken, undefined]);
  });

  it("are those of so many registers that every short line would make a large set", async () => {
    const changes = Array.from(
      { length: 2000 },
      (_, i) => `STACK CFI ${(0x1001 + i).toString(16)} r${i}: ${i}`,
    );
    const symcache = await symcacheOf(`STACK CFI INIT 1000 1000 ${RULES}`, ...changes);
    expect(shownRules(symcache.cfiRules(0x1001 + 100))).toContain(" r100: 100");
    expect(symcache.cfiRules(0x1001 + 1999)).toBe(broken);
    expect(symcache.size).toBeLessThan(2_000_000);
  });
});
