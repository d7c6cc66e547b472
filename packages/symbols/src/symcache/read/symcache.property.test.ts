import { MaydayError } from "@mayday/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edges, known } from "../../test-support/known.ts";
import { PlainSymbols } from "../../test-support/plain-symbols.ts";
import { resign } from "../../test-support/resign.ts";
import { linesOf, symRecords } from "../../test-support/sym-records.ts";
import { symcacheBytes, symText } from "../../test-support/sym-text.ts";
import { Symcache } from "./symcache.ts";

/** The conformance command does a million. */
const RUNS = 150;

describe("a symcache", () => {
  it("says at every edge what its records say in plain words", async () => {
    await fc.assert(
      fc.asyncProperty(symRecords, async (records) => {
        const symcache = new Symcache(await symcacheBytes([symText(...linesOf(records))]));
        expect(symcache.info.badLines).toBe(0);
        const plain = new PlainSymbols(records);
        for (const offset of edges(records)) expect(known(symcache, offset)).toEqual(known(plain, offset));
      }),
      { numRuns: RUNS },
    );
  });

  it("of a damaged text answers, or is refused with a reason", async () => {
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(symRecords, damage, async (records, changes) => {
        const text = symText(...linesOf(records));
        for (const [place, byte] of changes) text[Math.floor(place * (text.length - 1))] = byte;
        try {
          const symcache = new Symcache(await symcacheBytes([text]));
          for (const offset of edges(records)) known(symcache, offset);
        } catch (error) {
          expect(error).toBeInstanceOf(MaydayError);
          expect(error).toMatchObject({ code: "SYMBOLS_MALFORMED" });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("that is damaged where no checksum tells answers, or says that it is corrupt", async () => {
    // As who writes symcaches of malice would: contents are changed, checksums are made right again.
    await fc.assert(
      fc.asyncProperty(symRecords, fc.nat(), fc.nat(255), async (records, place, byte) => {
        const bytes = await symcacheBytes([symText(...linesOf(records))]);
        bytes[16 + (place % (bytes.length - 48))] = byte;
        resign(bytes);
        try {
          const symcache = new Symcache(bytes);
          for (const offset of edges(records)) known(symcache, offset);
        } catch (error) {
          expect(error).toMatchObject({ code: "SYMCACHE_CORRUPT" });
        }
      }),
      { numRuns: RUNS },
    );
  });
});
