import { describe, expect, it } from "vitest";
import { pingDocument } from "../document.ts";
import { termsOf } from "../engine.ts";
import { parseSuperSearch } from "../super-search.ts";
import { anId, crash, missing, now, type OpenIndex, recent } from "./open-index.ts";

/** What becomes of documents. */
export function addingConformance(index: OpenIndex): void {
  describe("an empty index", () => {
    it("finds nothing, and says which weeks it does not hold", async () => {
      const errors = ["202632", "202633"].map(missing);
      expect(await index.search("product=Firefox")).toEqual({ hits: [], total: 0, facets: {}, errors });
    });

    it("holds no crash and can be asked for its health", async () => {
      expect(await index.engine.has([anId()])).toEqual(new Set());
      await index.engine.check();
    });

    it("takes no documents", async () => {
      await index.engine.add([]);
      expect((await index.search("")).total).toBe(0);
    });
  });

  describe("removing", () => {
    it("takes crashes out with all versions of them, and nothing else", async () => {
      const [gone, kept] = [crash({ signature: "gone" }), crash({ signature: "kept" })];
      await index.engine.add([gone, kept]);
      await index.engine.add([gone]);
      await index.engine.remove([gone.uuid, anId()]);
      expect(await index.engine.has([gone.uuid, kept.uuid])).toEqual(new Set([kept.uuid]));
      expect((await index.search("")).facets).toEqual({ signature: [{ term: "kept", count: 1 }] });
      await index.engine.add([gone]);
      expect((await index.search("")).total).toBe(2);
      await index.engine.remove([]);
    });
  });

  describe("adding", () => {
    it("finds a crash as soon as it is added", async () => {
      const document = crash({ signature: "main", product: "Firefox", version: "130.0" });
      await index.engine.add([document]);
      expect(await index.search("")).toEqual({
        hits: [
          {
            uuid: document.uuid,
            date: recent.replace(".000000", ""),
            signature: "main",
            product: "Firefox",
            version: "130.0",
          },
        ],
        total: 1,
        facets: { signature: [{ term: "main", count: 1 }] },
        errors: [missing("202632")],
      });
    });

    it("replaces a crash that is added again, and counts it once", async () => {
      const uuid = anId();
      await index.engine.add([crash({ uuid, signature: "old" })]);
      await index.engine.add([crash({ uuid, signature: "new" })]);
      expect(await index.signatures("")).toEqual(["new"]);
      expect((await index.search("")).total).toBe(1);
      expect(await index.facets("")).toEqual({ signature: [{ term: "new", count: 1 }] });
    });

    it("does not find a crash by what only its old version had", async () => {
      const uuid = anId();
      await index.engine.add([crash({ uuid, signature: "old", reason: "SIGSEGV" })]);
      await index.engine.add([crash({ uuid, signature: "new" })]);
      for (const query of ["signature=old", "reason=SIGSEGV", "reason=!__null__"]) {
        expect(await index.search(query)).toEqual({
          hits: [],
          total: 0,
          facets: { signature: [] },
          errors: [missing("202632")],
        });
      }
    });

    it("keeps the last of many versions, within one call as between calls", async () => {
      const uuid = anId();
      await index.engine.add([crash({ uuid, signature: "1" }), crash(), crash({ uuid, signature: "2" })]);
      await index.engine.add([crash({ uuid, signature: "3" })]);
      await index.engine.add([crash({ uuid, signature: "4" }), crash({ uuid, signature: "5" })]);
      expect(await index.found("signature=!__null__")).toEqual(["5"]);
    });

    it("replaces a crash whose date has moved to another week, to and fro", async () => {
      const uuid = anId();
      const dates = [recent, "2026-07-01T00:00:00Z", "2026-06-01T00:00:00Z", recent, "2026-07-01T00:00:00Z"];
      for (const [i, date_processed] of dates.entries()) {
        await index.engine.add([crash({ uuid, date_processed, signature: `${i}` })]);
        expect(await index.found("date=>2026-01-01")).toEqual([`${i}`]);
        expect(await index.engine.has([uuid])).toEqual(new Set([uuid]));
      }
      expect(await index.found("")).toEqual([]);
    });

    it("keeps crashes that are added at the same time", async () => {
      const uuid = anId();
      const documents = Array.from({ length: 8 }, (_, i) => crash({ uuid, signature: `${i}` }));
      const others = Array.from({ length: 8 }, () => crash({ signature: "other" }));
      await Promise.all([...documents, ...others].map((document) => index.engine.add([document])));
      expect((await index.search("")).total).toBe(9);
      expect((await index.search("signature=other")).total).toBe(8);
    });

    it("keeps any text as it is", async () => {
      const texts = ["", " ", "'; DROP TABLE crashes; --", "a\0b", "%_*?", "$1", "ünï 💥", '"', "\\", "null"];
      await index.engine.add(texts.map((signature) => crash({ signature })));
      expect(await index.found("")).toEqual([...texts].sort());
      for (const text of texts) {
        expect(await index.signatures(new URLSearchParams({ signature: `=${text}` }).toString())).toEqual([
          text,
        ]);
      }
    });

    it("keeps the largest whole numbers exactly", async () => {
      const numbers = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 20_260_820_101_112];
      await index.engine.add(numbers.map((build) => crash({ build })));
      for (const build of numbers) {
        const { hits } = await index.search(`build_id=${build}&_columns=build_id`);
        expect(hits).toEqual([{ build_id: build }]);
      }
    });
  });

  describe("whole numbers of 64 bits", () => {
    it("are kept exactly to the last one, and those beyond are no values", async () => {
      const [most, least] = [2n ** 63n - 1n, -(2n ** 63n)];
      const kept = [most, most - 1n, 0n, least];
      const builds = [...kept, most + 1n, least - 1n, 10n ** 30n];
      await index.engine.add(builds.map((build) => crash({ build: String(build) })));
      for (const build of [most, most - 1n, least]) {
        const { hits } = await index.search(`build_id=${build}&_columns=build_id`);
        expect(hits).toEqual([{ build_id: build }]);
      }
      expect((await index.search("build_id=__null__")).total).toBe(3);
      expect((await index.search(`build_id=>${most - 1n}`)).total).toBe(1);
      expect((await index.search(`build_id=<=${least}`)).total).toBe(1);
      const { hits } = await index.search("build_id=!__null__&_columns=build_id&_sort=-build_id");
      expect(hits.map(({ build_id }) => BigInt(String(build_id)))).toEqual(kept);
      const terms = termsOf(await index.search("_facets=build_id"), "build_id");
      const told = terms.map(({ term }) => String(term)).toSorted();
      expect(told).toEqual(kept.map(String).toSorted());
      await expect(async () => index.search(`build_id=${most + 1n}`)).rejects.toThrow();
    });
  });

  describe("pings", () => {
    const ping = (document_id: string, signature: string, date_processed = recent) =>
      pingDocument({ document_id, signature, date_processed, product: "Firefox" });

    it("are found where they are asked for, and beside reports", async () => {
      await index.engine.add([crash({ signature: "report", product: "Firefox" }), ping("a", "ping")]);
      expect(await index.found("")).toEqual(["report"]);
      expect(await index.found("source=report")).toEqual(["report"]);
      expect(await index.found("source=ping")).toEqual(["ping"]);
      expect(await index.found("source=both&product=Firefox")).toEqual(["ping", "report"]);
      expect((await index.search("source=both")).total).toBe(2);
      expect((await index.search("source=ping&_columns=uuid")).hits).toEqual([{ uuid: "ping-a" }]);
    });

    it("are there once, of whatever week, and are taken out alone", async () => {
      const report = crash({ signature: "report" });
      await index.engine.add([report, ping("a", "old", "2026-08-05T00:00:00Z"), ping("b", "other")]);
      await index.engine.add([ping("a", "new")]);
      expect(await index.found("source=ping&date=>2026-08-01")).toEqual(["new", "other"]);
      expect(await index.engine.has(["ping-a", "ping-c", report.uuid])).toEqual(
        new Set(["ping-a", report.uuid]),
      );
      await index.engine.remove(["ping-a"]);
      expect(await index.found("source=both&date=>2026-08-01")).toEqual(["other", "report"]);
    });

    it("cannot take a report's place by its id", async () => {
      const report = crash({ signature: "report" });
      await index.engine.add([report]);
      await index.engine.add([ping(report.uuid, "ping")]);
      expect(await index.found("source=both")).toEqual(["ping", "report"]);
    });
  });

  describe("has", () => {
    it("tells which crashes are there, of whatever date", async () => {
      const old = crash({ uuid: anId(new Date("2024-01-01")), date_processed: "2024-01-01" });
      const astray = crash({ uuid: anId(new Date("2025-05-05")) });
      const documents = [crash(), old, astray];
      await index.engine.add(documents);
      const ids = documents.map(({ uuid }) => uuid);
      expect(await index.engine.has([...ids, anId()])).toEqual(new Set(ids));
      expect(await index.engine.has([])).toEqual(new Set());
    });
  });

  describe("outdated", () => {
    it("tells which reports were made by an earlier version, a page at a time, and not those made anew", async () => {
      const documents = Array.from({ length: 5 }, (_, n) => ({ ...crash(), version: n < 3 ? 1 : 2 }));
      const old = documents
        .slice(0, 3)
        .map(({ uuid }) => uuid)
        .sort();
      const ping = pingDocument({ document_id: "a", signature: "ping", date_processed: recent });
      await index.engine.add([...documents, { ...ping, version: 0 }]);
      expect(await index.engine.outdated(2, "", 10)).toEqual(old);
      expect(await index.engine.outdated(2, "", 2)).toEqual(old.slice(0, 2));
      expect(await index.engine.outdated(2, old[1]!, 10)).toEqual([old[2]]);
      expect(await index.engine.outdated(1, "", 10)).toEqual([]);
      const again = documents.filter(({ uuid }) => uuid !== old[2]).map((one) => ({ ...one, version: 2 }));
      await index.engine.add(again);
      expect(await index.engine.outdated(2, "", 10)).toEqual([old[2]]);
    });

    it("tells of nothing in an empty index", async () => {
      expect(await index.engine.outdated(9, "", 10)).toEqual([]);
    });
  });

  describe("a closed engine", () => {
    it("rejects all work, and can be closed again", async () => {
      await index.engine.close();
      await index.engine.close();
      const plan = parseSuperSearch([], { now });
      for (const call of [
        index.engine.add([crash()]),
        index.engine.search(plan),
        index.engine.has([anId()]),
        index.engine.check(),
      ]) {
        await expect(call).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
      }
    });

    it("has finished the work it was given before", async () => {
      const work = [index.engine.add([crash()]), index.search("")];
      await index.engine.close();
      await Promise.all(work);
    });
  });
}
