import { beforeEach, describe, expect, it } from "vitest";
import { crash, missing, type OpenIndex } from "./open-index.ts";

/** What a search tells of the crashes it finds. */
export function answersConformance(index: OpenIndex): void {
  describe("hits", () => {
    it("have the columns that were asked for, null where the crash lacks one", async () => {
      await index.engine.add([
        crash({ signature: "a", build: "20260820101112", date_processed: "2026-08-20 01:02:03.4" }),
      ]);
      const columns = ["date", "build_id", "address", "crashing_thread"];
      const { hits } = await index.search(`${columns.map((name) => `_columns=${name}`).join("&")}`);
      expect(hits).toEqual([
        {
          date: "2026-08-20T01:02:03.400000+00:00",
          build_id: 20_260_820_101_112,
          address: null,
          crashing_thread: null,
        },
      ]);
    });

    it("are sorted by the fields that were asked for, crashes without one last", async () => {
      await index.engine.add([
        crash({ signature: "a", product: "x", uptime: 10 }),
        crash({ signature: "b", product: "y", uptime: 9 }),
        crash({ signature: "c", product: "x", uptime: 100 }),
        crash({ signature: "d", product: "B" }),
      ]);
      expect(await index.signatures("_sort=uptime")).toEqual(["b", "a", "c", "d"]);
      expect(await index.signatures("_sort=-uptime")).toEqual(["c", "a", "b", "d"]);
      expect(await index.signatures("_sort=product&_sort=-uptime")).toEqual(["d", "c", "a", "b"]);
      expect(await index.signatures("_sort=-signature")).toEqual(["d", "c", "b", "a"]);
    });

    it("are the newest first when no order is asked for", async () => {
      const days = ["2026-08-15", "2026-08-19", "2026-08-16"];
      await index.engine.add(days.map((day) => crash({ date_processed: day, signature: day })));
      expect(await index.signatures("")).toEqual(["2026-08-19", "2026-08-16", "2026-08-15"]);
    });

    it("come in pages that together are the whole, however deep", async () => {
      const documents = Array.from({ length: 50 }, (_, i) => crash({ signature: `${i % 3}` }));
      await index.engine.add(documents);
      const seen: unknown[] = [];
      for (let offset = 0; offset < 60; offset += 7) {
        const query = `_columns=uuid&_sort=signature&_results_number=7&_results_offset=${offset}`;
        const { hits, total } = await index.search(query);
        expect(total).toBe(50);
        seen.push(...hits.map(({ uuid }) => uuid));
      }
      expect(seen).toHaveLength(50);
      expect(new Set(seen)).toEqual(new Set(documents.map(({ uuid }) => uuid)));
      expect((await index.search("_results_offset=1000000")).hits).toEqual([]);
    });

    it("are none when none are asked for, and the total stays exact", async () => {
      await index.engine.add(Array.from({ length: 120 }, () => crash()));
      expect(await index.search("_results_number=0&_facets_size=0")).toEqual({
        hits: [],
        total: 120,
        facets: {},
        errors: [missing("202632")],
      });
      expect((await index.search("")).hits).toHaveLength(100);
    });
  });

  describe("facets", () => {
    beforeEach(() =>
      index.engine.add([
        crash({ signature: "z", uptime: 9 }),
        crash({ signature: "b", uptime: 10 }),
        crash({ signature: "a", uptime: 10 }),
        crash({ signature: "z", product: "Firefox" }),
        crash({ signature: "B" }),
        crash({}),
      ]),
    );

    it("count each term, by count and then by term", async () => {
      expect(await index.facets("_facets=signature&_facets=uptime&_facets=address")).toEqual({
        signature: [
          { term: "z", count: 2 },
          { term: "B", count: 1 },
          { term: "a", count: 1 },
          { term: "b", count: 1 },
        ],
        uptime: [
          { term: 10, count: 2 },
          { term: 9, count: 1 },
        ],
        address: [],
      });
    });

    it("count what the filters find, whatever hits are asked for", async () => {
      expect(await index.facets("uptime=10&_results_number=1")).toEqual({
        signature: [
          { term: "a", count: 1 },
          { term: "b", count: 1 },
        ],
      });
    });

    it("have no more terms than asked for", async () => {
      expect(await index.facets("_facets_size=2")).toEqual({
        signature: [
          { term: "z", count: 2 },
          { term: "B", count: 1 },
        ],
      });
    });

    it("are paged at the first level", async () => {
      const page = "_facets_size=1&_facets_offset=2&_aggs.signature=uptime";
      const { signature } = await index.facets(page);
      expect(signature).toMatchObject([{ term: "a", count: 1, facets: { uptime: [{ term: 10 }] } }]);
      expect(await index.facets("_facets_offset=3&_facets=signature&_facets=version")).toMatchObject({
        signature: [{ term: "b", count: 1 }],
        version: [],
      });
    });

    it("are none when their size is none", async () => {
      expect(await index.facets("_facets_size=0&_facets=product")).toEqual({});
    });

    it("count for all reports that were not kept, when asked to, as the total does", async () => {
      await index.engine.add([
        crash({ signature: "rare", uptime: 3, collector_metadata: { throttle_percent: 10 } }),
        crash({ signature: "rare", uptime: 3, collector_metadata: { throttle_percent: 50 } }),
        crash({ signature: "kept", uptime: 3, collector_metadata: { throttle_percent: 100 } }),
      ]);
      const query = "uptime=3&_aggs.signature=_histogram.uptime&_results_number=1";
      const result = await index.search(`${query}&_weights=1`);
      expect(result).toMatchObject({ total: 13, weights: true });
      expect(result.hits).toHaveLength(1);
      expect(result.facets).toEqual({
        signature: [
          { term: "rare", count: 12, facets: { histogram_uptime: [{ term: 3, count: 12 }] } },
          { term: "kept", count: 1, facets: { histogram_uptime: [{ term: 3, count: 1 }] } },
        ],
      });
      const plain = await index.search(query);
      expect(plain).toMatchObject({ total: 3 });
      expect(plain).not.toHaveProperty("weights");
    });

    it("have dates as hits have them", async () => {
      expect(await index.facets("_facets=date")).toEqual({
        date: [{ term: "2026-08-19T10:00:00+00:00", count: 6 }],
      });
    });
  });
}
