import { beforeEach, describe, expect, it } from "vitest";
import { termsOf } from "../engine.ts";
import { crash, type OpenIndex } from "./open-index.ts";

/** Which crashes a search finds. */
export function filtersConformance(index: OpenIndex): void {
  describe("filters", () => {
    beforeEach(() =>
      index.engine.add([
        crash({ signature: "a", product: "Firefox", release_channel: "release", uptime: 1 }),
        crash({ signature: "b", product: "Firefox", release_channel: "nightly", uptime: 10 }),
        crash({ signature: "c", product: "Fenix", release_channel: "nightly", uptime: 100 }),
        crash({ signature: "d", release_channel: "beta" }),
        crash({ signature: "e", product: "", version: "64.0b1" }),
      ]),
    );

    it.each([
      ["an equal value", "product=Firefox", "ab"],
      ["a value marked as exact", "signature==a", "a"],
      ["any value of one field", "signature=a&signature=c&signature==d", "acd"],
      ["all fields together", "product=Firefox&release_channel=nightly", "b"],
      ["whatever is not the value, missing or not", "product=!Firefox", "cde"],
      ["none of several values", "product=!Firefox&product=!Fenix", "de"],
      ["none of several exact values", "signature=!=a&signature=!=b", "cde"],
      ["a value, less those that are not wanted", "release_channel=nightly&release_channel=!nightly", ""],
      ["crashes without the field", "product=__null__", "d"],
      ["crashes with the field, an empty one too", "product=!__null__", "abce"],
      ["a value or none at all", "product=__null__&product=Fenix", "cd"],
      ["neither a value nor none at all", "product=!__null__&product=!Firefox", "ce"],
      ["words whatever their case", "product=firefox", "ab"],
      ["a whole value with its case", "product==firefox", ""],
      ["an equal number", "uptime=10", "b"],
      ["no equal number, missing or not", "uptime=!10", "acde"],
      ["numbers above", "uptime=>10", "c"],
      ["numbers from", "uptime=>=10", "bc"],
      ["numbers below", "uptime=<10", "a"],
      ["numbers up to", "uptime=<=10", "ab"],
      ["numbers between", "uptime=>1&uptime=<100", "b"],
      ["numbers not above, missing or not", "uptime=!>1", "ade"],
      ["numbers no crash can have", "crashing_thread=2147483647", ""],
      ["all betas of a version", "version=64.0b", "e"],
      ["the version of that very name", "version==64.0b", ""],
    ])("find %s (%s)", async (_, query, expected) => {
      const result = await index.search(`${query}&_columns=signature`);
      expect(result.hits.map(({ signature }) => signature).sort()).toEqual([...expected]);
      expect(result.total).toBe(expected.length);
      expect(termsOf(result, "signature").map(({ term }) => term)).toEqual([...expected]);
    });
  });

  describe("what stands on stacks", () => {
    const thread = (...functions: (string | null)[]) => ({
      frames: functions.map((name, i) => ({
        function: name,
        module: `m${i}.dll`,
        module_offset: `0x${i}0`,
        file: "a.cpp",
      })),
    });
    beforeEach(() =>
      index.engine.add([
        crash({
          signature: "a",
          crashing_thread: 1,
          json_dump: { threads: [thread("wait"), thread("Foo::run", "main")] },
        }),
        crash({
          signature: "b",
          crashing_thread: 0,
          json_dump: { threads: [thread("main", "Foo::run*"), thread("idle")] },
        }),
        crash({ signature: "c" }),
      ]),
    );

    it.each([
      ["a function, wherever it stands", "stack_function=main", "ab"],
      ["a function as it is", "stack_function==Main", ""],
      ["the innermost function", "top_function=main", "b"],
      ["a part of a function", "stack_function=~Foo", "ab"],
      ["the beginning of a function", "stack_function=^Foo::run", "ab"],
      ["an expression", "stack_function=@Foo.*[*]", "b"],
      ["an expression of several", "stack_function=@.*Foo.*%26.*[*].*", "b"],
      ["functions of other threads", "any_thread_function=wait&any_thread_function=idle", "ab"],
      ["no function of other threads", "stack_function=wait", ""],
      ["crashes without a function", "stack_function=!main", "c"],
      ["crashes without a stack", "stack_function=__null__", "c"],
      [
        "a module and a place in it",
        "stack_module=m1.dll&stack_module_offset=m0.dll@0x00&stack_file=a.cpp",
        "ab",
      ],
    ])("is found by %s (%s)", async (_, query, expected) => {
      expect(await index.found(query)).toEqual([...expected]);
    });

    it("is shown in the order of the frames, and counted", async () => {
      const { hits, facets } = await index.search(
        "signature=b&_columns=stack_function&_columns=top_function&_facets=stack_function&_facets=_cardinality.any_thread_function",
      );
      expect(hits).toEqual([{ stack_function: ["main", "Foo::run*"], top_function: "main" }]);
      expect(facets).toEqual({
        stack_function: [
          { term: "Foo::run*", count: 1 },
          { term: "main", count: 1 },
        ],
        cardinality_any_thread_function: { value: 3 },
      });
    });
  });

  describe("the date range", () => {
    const dates = [
      "2026-08-01T00:00:00.000000+00:00",
      "2026-08-01T00:00:00.000001+00:00",
      "2026-08-13T11:59:59.999999+00:00",
      "2026-08-13T12:00:00.000000+00:00",
      "2026-08-20T12:00:00.000000+00:00",
      "2026-08-20T12:00:00.000001+00:00",
    ];
    beforeEach(() =>
      index.engine.add(dates.map((date_processed, i) => crash({ date_processed, signature: String(i) }))),
    );

    it.each([
      ["", "34"],
      ["date=>=2026-08-01", "01234"],
      ["date=>2026-08-01", "1234"],
      ["date=>=2026-08-01&date=<=2026-08-01 00:00:00.000001", "01"],
      ["date=>=2026-08-01&date=<2026-08-01T00:00:00.000001Z", "0"],
      ["date=<2026-08-13T12:00:00", "2"],
      ["date=<=2026-08-20T14:00:00.000001%2B02:00&date=>2026-08-20", "45"],
      ["date=<2026-08-01&date=>2026-08-10", ""],
    ])("keeps microseconds and whether bounds are part of it (%s)", async (query, expected) => {
      expect(await index.found(query)).toEqual([...expected]);
    });

    it("reaches over many weeks, and over new year", async () => {
      const days = ["2025-12-28", "2025-12-29", "2025-12-31", "2026-01-01", "2026-01-04", "2026-01-05"];
      await index.engine.add(days.map((day) => crash({ date_processed: day, signature: day })));
      expect(await index.found("date=>=2025-12-29&date=<2026-01-05")).toEqual(days.slice(1, -1));
      expect(await index.found("date=>=2026-01-01&date=<2026-01-02")).toEqual(["2026-01-01"]);
    });
  });
}
