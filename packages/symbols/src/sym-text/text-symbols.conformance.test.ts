import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Symcache } from "../symcache/read/symcache.ts";
import { known } from "../test-support/known.ts";
import { sharedData } from "../test-support/shared-data.ts";
import { symcacheBytes } from "../test-support/sym-text.ts";
import { textSymbolsOf } from "../test-support/text-symbols.ts";

const OFFSETS = 10_000;

const fixtures = join(import.meta.dirname, "../../../../fixtures/symbols");
const shared = sharedData(".");
const files = [fixtures, ...(shared === undefined ? [] : [shared])].flatMap((folder) =>
  globSync("**/*.sym{,.gz}", { cwd: folder }).map((name) => ({ name, path: join(folder, name) })),
);

/** Where records begin and end, the places beside these, and anywhere between. */
function someOffsets(text: string): number[] {
  const starts = Array.from(
    text.matchAll(/^(?:FUNC|PUBLIC|STACK CFI INIT|STACK WIN \d|STACK CFI) (?:m )?(\w+)/gm),
    ([, hex]) => Number.parseInt(hex!, 16),
  );
  const end = starts.reduce((most, start) => Math.max(most, start), 0);
  let state = 1;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const offsets = Array.from({ length: OFFSETS }, () =>
    draw(2) === 0 ? starts[draw(starts.length)]! + draw(3) - 1 : draw(end + 4096),
  );
  // Neighbours behind each other: what one read of the text serves the next.
  return offsets.sort((a, b) => a - b);
}

/** In this file STACK WIN records are out of order, and so it is built. */
const OUT_OF_ORDER = "kernel32.sym";

/** Files that are made to be refused, or to be converted first. */
const UNFIT = /no_module|sym-utf16/;

describe("real symbol files", () => {
  it.each(files.filter(({ name }) => !UNFIT.test(name)))(
    "$name answers itself as its symcache does, at 10,000 offsets",
    async ({ name, path }) => {
      const bytes = readFileSync(path);
      const text = path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
      const symbols = textSymbolsOf(text, { mostBytes: Number.POSITIVE_INFINITY });
      expect(symbols === undefined).toBe(name.endsWith(OUT_OF_ORDER));
      if (symbols === undefined) return;
      const symcache = new Symcache(await symcacheBytes([text]));
      const offsets = someOffsets(text.toString("latin1"));
      for (const offset of offsets) {
        const [ours, theirs] = [known(symbols, offset), known(symcache, offset)];
        if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
      }
      const all = Float64Array.from(new Set(offsets.filter((offset) => offset >= 0)));
      const [ours, theirs] = [symbols.symbolicateAll(all), symcache.symbolicateAll(all)];
      if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
    },
  );

  it.skipIf(shared === undefined)(
    "of Firefox and of other readers are among them (needs the shared data)",
    () => {
      expect(files.length).toBeGreaterThan(10);
    },
  );
});
