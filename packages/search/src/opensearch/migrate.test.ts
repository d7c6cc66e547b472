import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { anId, crash, now } from "../conformance/open-index.ts";
import type { SearchDocument } from "../document.ts";
import type { FieldName } from "../fields.ts";
import { parseSuperSearch } from "../super-search.ts";
import { hasOpenSearch, type OpenSearchServer, startOpenSearch } from "../test-support/opensearch-server.ts";
import { openSearchClient } from "./client.ts";
import { type OpenSearchEngine, openOpenSearchEngine } from "./engine.ts";
import { type WeekMapping, weekMapping } from "./mapping.ts";
import { namesOf, placesOfWeeks } from "./names.ts";

let server: OpenSearchServer | undefined;
let prefix: string;
let serial = 0;

/** As of an older Mayday that did not index reasons, where the version is 1. */
function mappingOf(version: number): WeekMapping {
  const { settings, mappings } = weekMapping.index as unknown as {
    settings: Record<string, unknown>;
    mappings: { properties: Record<string, object> };
  };
  const { reason, ...properties } = mappings.properties;
  const all = version === 1 ? properties : { reason: reason!, ...properties };
  return { version, index: { settings, mappings: { ...mappings, properties: all } } };
}

describe.skipIf(!hasOpenSearch())(
  "moving to another mapping (needs SEARCH_URL, or Maven and Java 21)",
  () => {
    const opened: OpenSearchEngine[] = [];
    const open = (version: number): OpenSearchEngine => {
      const engine = openOpenSearchEngine({ url: server!.url, prefix, mapping: mappingOf(version) });
      opened.push(engine);
      return engine;
    };
    const indices = async (): Promise<string[]> => {
      const places = await placesOfWeeks(openSearchClient(server!.url), namesOf(prefix));
      return places.map(({ index }) => index);
    };
    const ask = (method: string, path: string, body?: object) =>
      fetch(`${server!.url}${path}`, {
        method,
        body: body === undefined ? null : JSON.stringify(body),
        headers: body === undefined ? {} : { "content-type": "application/json" },
      });
    const search = (engine: OpenSearchEngine, query: string) =>
      engine.search(parseSuperSearch(new URLSearchParams(`date=>2026-08-01&${query}`), { now }));
    const total = async (engine: OpenSearchEngine, query = ""): Promise<number> =>
      (await search(engine, `_results_number=0&_facets_size=0&${query}`)).total;
    const crashes = (count: number, signature: string): SearchDocument[] =>
      Array.from({ length: count }, () => crash({ signature, reason: "SIGSEGV" }));

    beforeAll(async () => {
      server = await startOpenSearch();
    }, 180_000);
    afterAll(() => server?.stop());
    beforeEach(() => {
      prefix = `move-${process.pid}-${++serial}-`;
    });
    afterEach(async () => {
      await open(1).dropWeeksBefore("999999");
      await ask("DELETE", `/lock-${prefix}weeks`);
      await Promise.all(opened.splice(0).map((engine) => engine.close()));
    });

    it("indexes what the older mapping did not, of all weeks, and leaves no old index", async () => {
      const old = open(1);
      const ofTwoWeeks = [crash({ reason: "SIGSEGV" }), crash({ reason: "x", date_processed: "2026-08-05" })];
      await old.add(ofTwoWeeks);
      expect(await total(old, "reason==SIGSEGV")).toBe(0);
      const second = open(2);
      expect((await second.migrate()).toSorted()).toEqual(ofTwoWeeks.map(({ week }) => week).toSorted());
      expect(await total(second, "reason==SIGSEGV")).toBe(1);
      expect(await total(second)).toBe(2);
      expect(await second.migrate()).toEqual([]);
      await open(3).migrate();
      expect((await indices()).every((index) => index.startsWith("v3-"))).toBe(true);
      expect(await (await ask("GET", `/v2-${prefix}*`)).json()).toEqual({});
      expect(await total(old, "reason==SIGSEGV")).toBe(1);
    }, 180_000);

    it("loses nothing that is added, replaced or removed meanwhile, and answers meanwhile, as of one week as of many processes", async () => {
      const writer = open(1);
      const first = crashes(3000, "first");
      const gone = first.slice(0, 50).map(({ uuid }) => uuid);
      await writer.add(first);
      for (const version of [2, 3]) {
        let isOver = false;
        const added: SearchDocument[] = [];
        const answers: number[] = [];
        const before = await total(writer);
        const adding = (async () => {
          while (!isOver) {
            const batch = crashes(40, `of ${version}`);
            const again = first
              .slice(100, 110)
              .map(({ uuid }) => crash({ uuid, signature: `again ${version}` }));
            await writer.add([...batch, ...again]);
            added.push(...batch);
          }
        })();
        const asking = (async () => {
          while (!isOver) answers.push(await total(writer));
        })();
        const removing = pause(50).then(() => writer.remove(gone));
        const moved = await Promise.all([open(version).migrate(), open(version).migrate()]);
        isOver = true;
        await Promise.all([adding, asking, removing]);
        expect(moved.map(({ length }) => length).toSorted()).toEqual([0, 1]);
        expect(added.length).toBeGreaterThan(0);
        expect(answers.length).toBeGreaterThan(0);
        expect(Math.min(...answers)).toBeGreaterThanOrEqual(before - gone.length);
        expect(await writer.has(added.map(({ uuid }) => uuid))).toHaveProperty("size", added.length);
        expect(await writer.has(gone)).toEqual(new Set());
        expect(await total(writer, `signature==of ${version}`)).toBe(added.length);
        expect(await total(writer, `signature==again ${version}`)).toBe(10);
        expect(await total(writer)).toBe(first.length - gone.length + (await total(writer, "signature=^of")));
      }
    }, 300_000);

    it("goes on where another one was killed, and lets writers write again", async () => {
      const engine = open(1);
      const documents = crashes(20, "kept");
      await engine.add(documents);
      const { week } = documents[0]!;
      // Killed while others waited for its last copy, which has a crash that was taken out since.
      await ask("PUT", `/v2-${prefix}${week}`, mappingOf(2).index);
      await ask("PUT", `/v2-${prefix}${week}/_doc/gone?version=1&version_type=external&refresh=true`, {
        uuid: "gone",
      });
      await ask("PUT", `/${prefix}${week}/_block/write`);
      const adding = engine.add(crashes(1, "waited"));
      expect(await open(2).migrate()).toEqual([week]);
      await adding;
      expect(await total(engine)).toBe(21);
    }, 180_000);

    it("leaves the week as it was where the copy is refused", async () => {
      const engine = open(1);
      await engine.add([crash({ signature: "text" })]);
      const { settings, mappings } = mappingOf(2).index as { settings: object; mappings: object };
      const properties = {
        ...(mappings as { properties: object }).properties,
        signature: { type: "integer" },
      };
      const bad = { version: 2, index: { settings: { ...settings }, mappings: { ...mappings, properties } } };
      const other = openOpenSearchEngine({ url: server!.url, prefix, mapping: bad });
      opened.push(other);
      await expect(other.migrate()).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
      await engine.add([crash({ signature: "more" })]);
      expect(await total(engine)).toBe(2);
      await ask("DELETE", `/v2-${prefix}*`);
    }, 180_000);

    it("makes new weeks behind an alias, whoever of many processes is first", async () => {
      const engines = [open(2), open(3), open(2)];
      await Promise.all(engines.map((engine) => engine.add([crash({ uuid: anId() })])));
      expect(await indices()).toHaveLength(1);
      expect(await total(engines[0]!)).toBe(3);
      const columns: FieldName[] = ["reason"];
      expect((await search(engines[1]!, `_columns=${columns[0]}`)).hits).toHaveLength(3);
    }, 180_000);
  },
);
