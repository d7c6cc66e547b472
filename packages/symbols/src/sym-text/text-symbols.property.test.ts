import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Symcache } from "../symcache/read/symcache.ts";
import { edges, known } from "../test-support/known.ts";
import { linesOf, type SymRecords, symRecords } from "../test-support/sym-records.ts";
import { symcacheBytes, symText } from "../test-support/sym-text.ts";
import { textSymbolsOf } from "../test-support/text-symbols.ts";

/** The conformance command does many more. */
const RUNS = 150;

/** The records, each so far behind the one before it: so they lie in one block of offsets, or in many. */
function scattered({ functions, publics, cfi, frames, ...names }: SymRecords, step: number): SymRecords {
  const moved = <T extends { address: number }>(items: readonly T[], by: number): T[] =>
    items.map((item) => ({ ...item, address: item.address + by }));
  const apart = <T extends { address: number }>(items: readonly T[]): T[] =>
    items.flatMap((item, index) => moved([item], index * step));
  return {
    ...names,
    functions: apart(functions).map(({ lines, inlines, ...func }, index) => ({
      ...func,
      lines: moved(lines, index * step),
      inlines: moved(inlines, index * step),
    })),
    publics: apart(publics),
    cfi: apart(cfi).map(({ changes, ...range }, index) => ({
      ...range,
      changes: moved(changes, index * step),
    })),
    // In order, as dumpers write them: others are not answered from the text.
    frames: apart(frames.toSorted((a, b) => a.address - b.address)),
  };
}

const scatteredRecords = fc
  .tuple(symRecords, fc.constantFrom(0, 100, 500, 1024, 3000, 100_000))
  .map(([records, step]) => scattered(records, step));

/** Compares everything at every edge; false when the text does not answer itself. */
async function isAnswered(text: Buffer, records: SymRecords): Promise<boolean> {
  const refusal = { code: "SYMBOLS_MALFORMED" };
  const bytes = await symcacheBytes([text]).catch((error) => {
    expect(error).toMatchObject(refusal);
  });
  if (bytes === undefined) {
    expect(() => textSymbolsOf(text)).toThrow(expect.objectContaining(refusal));
    return false;
  }
  const symbols = textSymbolsOf(text, { mostBytes: Number.POSITIVE_INFINITY });
  if (symbols === undefined) return false;
  const symcache = new Symcache(bytes);
  const offsets = edges(records).filter((offset) => offset >= 0);
  for (const offset of offsets) {
    expect(known(symbols, offset)).toEqual(known(symcache, offset));
    expect(symbols.symbolicate(offset)).toEqual(symcache.symbolicate(offset));
  }
  const inOrder = Float64Array.from(offsets).sort();
  for (const some of [inOrder, inOrder.filter((_, index) => index % 3 === 0)]) {
    expect(symbols.symbolicateAll(some)).toEqual(symcache.symbolicateAll(some));
  }
  return true;
}

describe("a text that answers itself", () => {
  it("says at every edge what its symcache says", async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(scatteredRecords, async (records) => {
        if (await isAnswered(symText(...linesOf(records)), records)) answered++;
      }),
      { numRuns: RUNS },
    );
    expect(answered).toBeGreaterThan(RUNS / 2);
  });

  it("says the same, or is refused for the same reason, when bytes and lines of it are out of place", async () => {
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      maxLength: 4,
    });
    const moves = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 });
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(scatteredRecords, damage, moves, async (records, changes, places) => {
        const lines = linesOf(records);
        for (const [from, to] of places) {
          lines.splice(to % (lines.length + 1), 0, ...lines.splice(from % (lines.length + 1), 1));
        }
        const text = symText(...lines);
        for (const [place, byte] of changes) text[Math.floor(place * (text.length - 1))] = byte;
        if (await isAnswered(text, records)) answered++;
      }),
      { numRuns: RUNS },
    );
    expect(answered).toBeGreaterThan(RUNS / 10);
  });
});
