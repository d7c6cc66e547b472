import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { MaydayError } from "@mayday/errors";
import { describe, expect, it } from "vitest";
import { DEBUG_ID, shown, symcacheBytes, symText } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import type { SymbolSource } from "./symbol-source.ts";
import { createSymbolSupply, retryDamaged, type SymbolSupplyOptions } from "./symbol-supply.ts";
import { type SymcacheFolder, symcacheFolder } from "./symcache-folder.ts";

const base = await temporaryFolder();
let folders = 0;

const newFolder = () => symcacheFolder(`${base}/${folders++}`);

/** A source of made-up texts by debug file, that counts how often it was asked and its texts were read. */
function sourceOf(texts: Readonly<Record<string, Buffer | Error>>, name = "source") {
  const counts = { asked: 0, read: 0, closed: 0 };
  const source: SymbolSource = {
    name,
    isLocal: false,
    async find({ debugFile }) {
      counts.asked++;
      const text = texts[debugFile];
      if (text instanceof Error) throw text;
      return text === undefined ? undefined : { bytes: reading(text), url: `http://${name}/${debugFile}` };
    },
  };
  async function* reading(text: Buffer): AsyncIterable<Uint8Array> {
    try {
      // Long enough for another asker to come in between.
      await sleep(5);
      counts.read++;
      yield text;
    } finally {
      counts.closed++;
    }
  }
  return { source, counts };
}

/** A supply of these sources, with a clock that the test sets and a record of its events. */
function supplyOf(sources: readonly SymbolSource[], options: Partial<SymbolSupplyOptions> = {}) {
  const clock = { now: 1_000_000 };
  const events: string[] = [];
  const supply = createSymbolSupply({
    sources,
    folder: newFolder(),
    memoryBytes: 1024 ** 2,
    missesLastMs: 60_000,
    now: () => clock.now,
    onEvent: (event, { debugFile }, why) => events.push([event, debugFile, why].filter(Boolean).join(" ")),
    ...options,
  });
  const get = (debugFile: string) => supply.get({ debugFile, debugId: DEBUG_ID });
  return { supply, get, clock, events };
}

async function nameIn(entry: ReturnType<ReturnType<typeof supplyOf>["get"]>): Promise<string> {
  const found = await entry;
  return found.kind === "found" ? shown(found.symbols.lookup(0x1000)) : found.kind;
}

const app = symText("FUNC 1000 10 0 f");

describe("a supply of symbols", () => {
  it("builds a module's symcache from the text that a source has", async () => {
    const { source, counts } = sourceOf({ app });
    const { get, events } = supplyOf([source]);
    const entry = await get("app");
    expect(entry).toMatchObject({ kind: "found", symbols: { info: { url: "http://source/app" } } });
    expect(events).toEqual(["built app"]);
    expect(counts).toEqual({ asked: 1, read: 1, closed: 1 });
  });

  it("keeps it in memory", async () => {
    const { source, counts } = sourceOf({ app });
    const { get, events } = supplyOf([source]);
    expect(await get("app")).toBe(await get("app"));
    expect(events).toEqual(["built app", "memory app"]);
    expect(counts.asked).toBe(1);
  });

  it("keeps it on disk: another process does not ask the source", async () => {
    const { source, counts } = sourceOf({ app });
    const folder = newFolder();
    await supplyOf([source], { folder }).get("app");
    const { get, events } = supplyOf([source], { folder });
    expect(await nameIn(get("app"))).toBe("f -:-");
    expect(events).toEqual(["disk app"]);
    expect(counts.asked).toBe(1);
  });

  it("builds once for all that ask meanwhile", async () => {
    const { source, counts } = sourceOf({ app });
    const { get } = supplyOf([source]);
    const entries = await Promise.all([get("app"), get("app"), get("app")]);
    expect(new Set(entries).size).toBe(1);
    expect(counts).toEqual({ asked: 1, read: 1, closed: 1 });
  });

  it("builds once for several processes, and asks the source once", async () => {
    const { source, counts } = sourceOf({ app });
    const folder = newFolder();
    const supplies = [1, 2, 3].map(() => supplyOf([source], { folder }));
    expect(await Promise.all(supplies.map(({ get }) => nameIn(get("app"))))).toEqual(Array(3).fill("f -:-"));
    expect(supplies.flatMap(({ events }) => events).sort()).toEqual(["built app", "disk app", "disk app"]);
    expect(counts).toEqual({ asked: 1, read: 1, closed: 1 });
  });

  it("takes names and ids that mean the same file for one module", async () => {
    const { source, counts } = sourceOf({ app });
    const { supply } = supplyOf([source]);
    await supply.get({ debugFile: "/usr/bin/app", debugId: DEBUG_ID });
    await supply.get({ debugFile: "app", debugId: DEBUG_ID.toLowerCase() });
    expect(counts.asked).toBe(1);
  });

  it("hands code file and id to the source", async () => {
    const asked: unknown[] = [];
    const source: SymbolSource = {
      name: "s",
      isLocal: false,
      find: async (...question) => {
        asked.push(question);
        return undefined;
      },
    };
    const path = { debugFile: "app", debugId: DEBUG_ID, symbolFile: "app.sym" };
    await supplyOf([source]).supply.get({
      debugFile: "app",
      debugId: DEBUG_ID,
      codeFile: "a.exe",
      codeId: "1F",
    });
    await supplyOf([source]).get("app");
    expect(asked).toEqual([
      [path, { codeFile: "a.exe", codeId: "1F" }],
      [path, {}],
    ]);
  });

  it("reads gzipped texts", async () => {
    expect(await nameIn(supplyOf([sourceOf({ app: gzipSync(app) }).source]).get("app"))).toBe("f -:-");
  });
});

describe("a module without symbols", () => {
  it("is missing, and not asked for again until its time", async () => {
    const { source, counts } = sourceOf({});
    const { get, clock, events } = supplyOf([source]);
    expect(await get("app")).toEqual({ kind: "missing", why: "no source has them" });
    clock.now += 59_999;
    expect((await get("app")).kind).toBe("missing");
    expect(counts.asked).toBe(1);
    clock.now += 1;
    await get("app");
    expect(counts.asked).toBe(2);
    expect(events).toEqual([
      "missing app no source has them",
      "memory app",
      "missing app no source has them",
    ]);
  });

  it("is asked for again by who knows that symbols have come since it was missed", async () => {
    const texts: Record<string, Buffer> = {};
    const { source, counts } = sourceOf(texts);
    const folder = symcacheFolder(`${base}/${folders++}`, { now: () => 1_000_000 });
    const supplies = [supplyOf([source], { folder }), supplyOf([source], { folder })];
    for (const { get } of supplies) expect(await nameIn(get("app"))).toBe("missing");
    texts["app"] = app;
    const ask = (missesSince: number) =>
      supplies.map(({ supply }) =>
        nameIn(supply.get({ debugFile: "app", debugId: DEBUG_ID }, undefined, missesSince)),
      );
    expect(await Promise.all(ask(1_000_000))).toEqual(["missing", "missing"]);
    expect(counts.asked).toBe(1);
    // Neither what this process remembers nor what stands on disk counts.
    expect(await Promise.all(ask(1_000_001))).toEqual(["f -:-", "f -:-"]);
  });

  it("is found once a source has it", async () => {
    const texts: Record<string, Buffer> = {};
    const { get, clock } = supplyOf([sourceOf(texts).source]);
    expect(await nameIn(get("app"))).toBe("missing");
    texts["app"] = app;
    expect(await nameIn(get("app"))).toBe("missing");
    clock.now += 60_000;
    expect(await nameIn(get("app"))).toBe("f -:-");
    clock.now += 60_000;
    expect(await nameIn(get("app"))).toBe("f -:-");
  });

  it("is one without debug id or name, for which nobody is asked", async () => {
    const { source, counts } = sourceOf({ app });
    const { supply } = supplyOf([source]);
    const none = { kind: "missing", why: "the dump names no debug id" };
    expect(await supply.get({ debugFile: "app", debugId: "" })).toEqual(none);
    expect(await supply.get({ debugFile: "app", debugId: "0".repeat(33) })).toEqual(none);
    expect(await supply.get({ debugFile: "../..", debugId: DEBUG_ID })).toEqual(none);
    expect(counts.asked).toBe(0);
  });

  it.each([
    [
      "text of another module",
      symText().fill("1", 21, 25),
      /^source: SYMBOLS_MALFORMED: .*it is of debug id/,
    ],
    ["no symbol file", Buffer.from("<html>"), /no MODULE line/],
    ["broken gzip", gzipSync(app).subarray(0, 40), /^source: unexpected end of file$/],
  ])("is malformed when the file is %s, and why is told", async (_, text, why) => {
    const { source, counts } = sourceOf({ app: text });
    const { get, clock, events } = supplyOf([source]);
    const entry = await get("app");
    expect(entry).toEqual({
      kind: "malformed",
      why: expect.stringMatching(why),
    });
    expect(events).toEqual([`malformed app ${entry.kind === "malformed" && entry.why}`]);
    await get("app");
    expect(counts.asked).toBe(1);
    clock.now += 60_000;
    await get("app");
    expect(counts.asked).toBe(2);
  });

  it("is missing when the way to it is broken, and why is told", async () => {
    const { source } = sourceOf({ app: new Error("connection refused") });
    expect(await supplyOf([source]).get("app")).toEqual({
      kind: "missing",
      why: "source: connection refused",
    });
  });
});

describe("several sources", () => {
  it("are asked in order until one has the file", async () => {
    const sources = [
      sourceOf({}, "first"),
      sourceOf({ app }, "second"),
      sourceOf({ app: symText("FUNC 1000 10 0 third") }, "third"),
    ];
    expect(await nameIn(supplyOf(sources.map(({ source }) => source)).get("app"))).toBe("f -:-");
    expect(sources.map(({ counts }) => counts.asked)).toEqual([1, 1, 0]);
  });

  it.each([
    ["cannot answer", new Error("down")],
    ["has a malformed file", Buffer.from("<html>")],
    ["has broken gzip", gzipSync(app).subarray(0, 30)],
  ])("help each other out when one %s", async (_, trouble) => {
    const { get, events } = supplyOf([
      sourceOf({ app: trouble }, "first").source,
      sourceOf({ app }, "second").source,
    ]);
    expect(await nameIn(get("app"))).toBe("f -:-");
    expect(events).toEqual(["built app"]);
  });

  it("are all named when none helps", async () => {
    const { get } = supplyOf([
      sourceOf({ app: new Error("down") }, "first").source,
      sourceOf({}, "second").source,
      sourceOf({ app: Buffer.from("<html>") }, "third").source,
    ]);
    expect(await get("app")).toEqual({
      kind: "malformed",
      why: expect.stringMatching(/^first: down; third: SYMBOLS_MALFORMED: .*no MODULE line$/),
    });
  });

  it("count in their order, also where a symcache of a later one is on disk", async () => {
    const folder = newFolder();
    const later = sourceOf({ app }, "later").source;
    await supplyOf([later], { folder }).get("app");
    const first = sourceOf({ app: symText("FUNC 1000 10 0 own") }, "first").source;
    expect(await nameIn(supplyOf([first, later], { folder }).get("app"))).toBe("own -:-");
  });
});

describe("a symcache beside the symbol file", () => {
  /** A source that has a symcache, and a text of another function name to tell them apart. */
  function sourceWithSymcache(symcache: Uint8Array) {
    const { source, counts } = sourceOf({ app: symText("FUNC 1000 10 0 from_text") });
    const findSymcache = async () => ({ bytes: once(symcache), url: undefined });
    return { source: { ...source, findSymcache }, counts };
  }
  async function* once(bytes: Uint8Array) {
    yield bytes;
  }

  it("is taken, and the text not asked for", async () => {
    const { source, counts } = sourceWithSymcache(await symcacheBytes([app]));
    const { get, events } = supplyOf([source]);
    expect(await nameIn(get("app"))).toBe("f -:-");
    expect(events).toEqual(["fetched app"]);
    expect(counts.asked).toBe(0);
  });

  it("is kept on disk like one that was built", async () => {
    const folder = newFolder();
    const { source } = sourceWithSymcache(await symcacheBytes([app]));
    await supplyOf([source], { folder }).get("app");
    const { get, events } = supplyOf([source], { folder });
    expect(await nameIn(get("app"))).toBe("f -:-");
    expect(events).toEqual(["disk app"]);
  });

  it("is passed over when it is damaged anywhere, cut, of another version or module", async () => {
    const good = await symcacheBytes([app]);
    const changed = (at: number) => Buffer.from(good).fill(good[at]! ^ 1, at, at + 1);
    const other = await symcacheBytes([symText("FUNC 1000 10 0 f").fill("1", 21, 25)]);
    for (const bad of [changed(8), changed(30), good.subarray(0, -1), other, Buffer.from("<html>")]) {
      expect(await nameIn(supplyOf([sourceWithSymcache(bad).source]).get("app"))).toBe("from_text -:-");
    }
  });
});

describe("a module that is known by its code alone", () => {
  const code = { debugFile: "", debugId: "", codeFile: "C:\\app.dll", codeId: "5ED439916EB4000" };

  it("is found under the debug file and id that a source knows, which are told", async () => {
    const { source, counts } = sourceOf({ app });
    const asked: unknown[] = [];
    const identify: SymbolSource["identify"] = async (question) => {
      asked.push(question);
      return { debugFile: "app", debugId: DEBUG_ID };
    };
    const ignorant = sourceOf({}).source;
    const broken = { ...sourceOf({}).source, identify: () => Promise.reject(new Error("down")) };
    const { supply } = supplyOf([ignorant, broken, { ...source, identify }]);
    const entry = await supply.get(code);
    expect(entry).toMatchObject({ kind: "found", debugInfo: { debugFile: "app", debugId: DEBUG_ID } });
    expect(await supply.get(code)).toBe(entry);
    expect(asked).toEqual([{ codeFile: code.codeFile, codeId: code.codeId }]);
    expect(counts.asked).toBe(1);
  });

  it("is missing when nobody knows it, or what is told is no module", async () => {
    const missing = { kind: "missing", why: "the dump names no debug id" };
    expect(await supplyOf([sourceOf({}).source]).supply.get(code)).toEqual(missing);
    const identify = async () => ({ debugFile: "../..", debugId: DEBUG_ID });
    expect(await supplyOf([{ ...sourceOf({}).source, identify }]).supply.get(code)).toEqual(missing);
  });
});

describe("what is remembered on disk", () => {
  it("is that a source has none: other processes do not ask it again until its time", async () => {
    const folder = newFolder();
    const { source, counts } = sourceOf({});
    const first = supplyOf([source], { folder, missesLastMs: 1e6, now: Date.now });
    const second = supplyOf([source], { folder, missesLastMs: 1e6, now: Date.now });
    expect(await nameIn(first.get("app"))).toBe("missing");
    expect(await nameIn(second.get("app"))).toBe("missing");
    expect(counts.asked).toBe(1);
  });

  it("is why a file could not be read", async () => {
    const folder = newFolder();
    const { source, counts } = sourceOf({ app: Buffer.from("<html>") });
    const first = supplyOf([source], { folder, missesLastMs: 1e6, now: Date.now });
    const second = supplyOf([source], { folder, missesLastMs: 1e6, now: Date.now });
    expect(await second.get("app")).toEqual(await first.get("app"));
    expect(counts.read).toBe(1);
  });

  it("is not that a local folder has none: asking it costs nothing", async () => {
    const folder = newFolder();
    const texts: Record<string, Buffer> = {};
    const source = { ...sourceOf(texts).source, isLocal: true };
    expect(await nameIn(supplyOf([source], { folder }).get("app"))).toBe("missing");
    texts["app"] = app;
    expect(await nameIn(supplyOf([source], { folder }).get("app"))).toBe("f -:-");
  });
});

describe("a symcache that was damaged on disk", () => {
  /** Damages the one block of functions in all symcaches of a folder. */
  async function damageAll(place: string): Promise<void> {
    for (const name of await readdir(place, { recursive: true })) {
      if (!name.endsWith(".symcache")) continue;
      const file = await open(join(place, name), "r+");
      await file.write(Buffer.of(0xff), 0, 1, 25);
      await file.close();
    }
  }

  it("is noticed by the look-up that meets it, and built again for who asks anew", async () => {
    const place = join(base, "damaged");
    const { source, counts } = sourceOf({ app });
    await supplyOf([source], { folder: symcacheFolder(place) }).get("app");
    await damageAll(place);
    const { get, events } = supplyOf([source], { folder: symcacheFolder(place) });
    const hits: unknown[] = [];
    const walked = await retryDamaged(async () => {
      const entry = await get("app");
      hits.push(entry.kind);
      return entry.kind === "found" && shown(entry.symbols.lookup(0x1000));
    });
    expect(walked).toBe("f -:-");
    expect(hits).toEqual(["found", "found"]);
    expect(events).toEqual(["disk app", "damaged app", "built app"]);
    expect(counts.read).toBe(2);
  });

  it("is not tried for ever", async () => {
    let tries = 0;
    const work = () => {
      tries++;
      return Promise.reject(new MaydayError("SYMCACHE_CORRUPT"));
    };
    await expect(retryDamaged(work)).rejects.toMatchObject({ code: "SYMCACHE_CORRUPT" });
    expect(tries).toBe(4);
    await expect(retryDamaged(() => Promise.reject(new Error("other")))).rejects.toThrow("other");
  });
});

describe("memory", () => {
  /** Texts whose symcaches have equal sizes: three letters of name each. */
  const texts = Object.fromEntries(
    ["one", "two", "six"].map((name) => [name, symText(`FUNC 1000 10 0 ${name}`)]),
  );

  it("lets the symcache go that was not asked for longest", async () => {
    const { source } = sourceOf(texts);
    const one = await supplyOf([source]).get("one");
    const size = one.kind === "found" ? one.symbols.size : 0;
    const { get, events } = supplyOf([source], { memoryBytes: size * 2 });
    for (const name of ["one", "two", "one", "six", "one", "two"]) await get(name);
    expect(events).toEqual(["built one", "built two", "memory one", "built six", "memory one", "disk two"]);
  });

  it("keeps one symcache, however large", async () => {
    const { source } = sourceOf(texts);
    const { get, events } = supplyOf([source], { memoryBytes: 1 });
    for (const name of ["one", "one", "two", "one"]) await get(name);
    expect(events).toEqual(["built one", "memory one", "built two", "disk one"]);
  });
});

describe("a folder that fails", () => {
  const failing = (folder: SymcacheFolder): SymcacheFolder => ({
    ...folder,
    write: () => Promise.reject(new Error("disk full")),
  });

  it("costs the next process a build, not this one its symbols", async () => {
    const { source } = sourceOf({ app });
    const { get, events } = supplyOf([source], { folder: failing(newFolder()) });
    expect(await nameIn(get("app"))).toBe("f -:-");
    expect(events).toEqual(["unsaved app disk full", "built app"]);
  });
});
