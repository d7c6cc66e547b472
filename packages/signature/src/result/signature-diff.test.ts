import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SignatureDiff, SignatureDiffCounter } from "./signature-diff.ts";

type Crash = readonly [id: string, before: string, after: string];

function diffOf(crashes: readonly Crash[]): SignatureDiff {
  const counter = new SignatureDiffCounter();
  for (const crash of crashes) counter.add(...crash);
  return counter.result();
}

describe("a diff of signatures", () => {
  it("tells changes, splits and merges", () => {
    const crashes: Crash[] = [
      ["1", "malloc", "malloc | a"],
      ["2", "malloc", "malloc | a"],
      ["3", "malloc", "malloc | b"],
      ["4", "b", "malloc | b"],
      ["5", "c", "c"],
    ];
    expect(diffOf(crashes)).toEqual({
      crashes: 5,
      changed: 4,
      signatures: { before: 3, after: 3 },
      changes: [
        { from: "malloc", to: "malloc | a", crashes: 2, examples: ["1", "2"] },
        { from: "b", to: "malloc | b", crashes: 1, examples: ["4"] },
        { from: "malloc", to: "malloc | b", crashes: 1, examples: ["3"] },
      ],
      splits: [
        {
          from: "malloc",
          to: [
            { signature: "malloc | a", crashes: 2 },
            { signature: "malloc | b", crashes: 1 },
          ],
        },
      ],
      merges: [
        {
          to: "malloc | b",
          from: [
            { signature: "b", crashes: 1 },
            { signature: "malloc", crashes: 1 },
          ],
        },
      ],
    });
  });

  it("counts those that stay to a split and to a merge", () => {
    const { splits, merges } = diffOf([
      ["1", "a", "a"],
      ["2", "a", "b"],
      ["3", "b", "b"],
    ]);
    expect(splits.map(({ from, to }) => [from, to.map(({ signature }) => signature)])).toEqual([
      ["a", ["a", "b"]],
    ]);
    expect(merges.map(({ to, from }) => [to, from.map(({ signature }) => signature)])).toEqual([
      ["b", ["a", "b"]],
    ]);
  });

  it("keeps a few examples of a change, however many crashes it has", () => {
    const crashes = Array.from({ length: 50 }, (_, index): Crash => [`${index}`, "a", "b"]);
    expect(diffOf(crashes).changes).toEqual([{ from: "a", to: "b", crashes: 50, examples: ["0", "1", "2"] }]);
  });

  it("says nothing of no crashes", () => {
    expect(diffOf([])).toMatchObject({ crashes: 0, changed: 0, changes: [], splits: [], merges: [] });
  });

  it("has the numbers that counting anew gives", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const crash = fc.tuple(fc.uuid(), name, name);
    fc.assert(
      fc.property(fc.array(crash, { maxLength: 60 }), (crashes) => {
        const diff = diffOf(crashes);
        const count = (from: string, to: string) =>
          crashes.filter(([, before, after]) => before === from && after === to).length;
        expect(diff.changed).toBe(crashes.filter(([, before, after]) => before !== after).length);
        for (const { from, to, crashes: counted } of diff.changes) expect(counted).toBe(count(from, to));
        const outcomes = (from: string) =>
          new Set(crashes.filter(([, before]) => before === from).map(([, , after]) => after));
        const split = [..."abcd"].filter((from) => outcomes(from).size > 1);
        expect(diff.splits.map(({ from }) => from).sort()).toEqual(split);
        const origins = (to: string) =>
          new Set(crashes.filter(([, , after]) => after === to).map(([, before]) => before));
        expect(diff.merges.map(({ to }) => to).sort()).toEqual(
          [..."abcd"].filter((to) => origins(to).size > 1),
        );
        for (const { to, from } of diff.merges)
          for (const { signature, crashes: counted } of from) expect(counted).toBe(count(signature, to));
      }),
    );
  });
});
