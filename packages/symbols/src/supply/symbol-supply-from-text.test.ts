import { readdir, truncate, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { storeText } from "../test-support/store-text.ts";
import { DEBUG_ID, shown, symcacheBytes, symText } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { ByteBudget } from "./byte-budget.ts";
import { directorySource } from "./directory-source.ts";
import { storedSource } from "./stored-source.ts";
import type { SymbolSource } from "./symbol-source.ts";
import { createSymbolSupply, retryDamaged } from "./symbol-supply.ts";
import { symcacheFolder } from "./symcache-folder.ts";

const base = await temporaryFolder();
const app = symText("FUNC 1000 10 0 f");
let folders = 0;

/** A supply that answers from texts of a folder, and what it tells. */
function answering(place: string, folder: string) {
  const events: string[] = [];
  const supply = createSymbolSupply({
    sources: [directorySource(place)],
    folder: symcacheFolder(folder),
    memoryBytes: 1024 ** 2,
    missesLastMs: 60_000,
    now: Date.now,
    onEvent: (event) => events.push(event),
    onAnswerFromText: ({ debugFile, debugId }, textBytes) =>
      events.push(`${debugFile}/${debugId} of ${textBytes} bytes`),
  });
  const ask = () =>
    retryDamaged(async () => {
      const entry = await supply.get({ debugFile: "app", debugId: DEBUG_ID });
      return entry.kind === "found" ? shown(entry.symbols.lookup(0x1000)) : entry.kind;
    });
  return { supply, ask, events };
}

const places = () => {
  const own = `${base}/${folders++}`;
  return { place: `${own}/symbols`, folder: `${own}/symcaches` };
};

describe("a supply that answers from texts", () => {
  it("builds nothing, and tells which text answers", async () => {
    const { place, folder } = places();
    await storeText(place, app);
    const { ask, events } = answering(place, folder);
    expect(await ask()).toBe("f -:-");
    expect(events).toEqual([`app/${DEBUG_ID} of ${app.length} bytes`, "text"]);
    expect(await readdir(folder).catch(() => "no folder")).toBe("no folder");
  });

  it("takes a symcache where there is one: on disk, or beside the text", async () => {
    const { place, folder } = places();
    const file = await storeText(place, app);
    await writeFile(file.replace(/\.sym$/, ".symcache"), await symcacheBytes([app]));
    const first = answering(place, folder);
    expect(await first.ask()).toBe("f -:-");
    const second = answering(place, folder);
    expect(await second.ask()).toBe("f -:-");
    expect([first.events, second.events]).toEqual([["fetched"], ["disk"]]);
  });

  it("builds what does not answer itself, and says as ever why a text is refused", async () => {
    const { place, folder } = places();
    await storeText(
      place,
      symText("STACK WIN 0 2000 9 0 0 0 0 0 0 0 1", "STACK WIN 0 1000 9 0 0 0 0 0 0 0 1"),
    );
    const { ask, events } = answering(place, folder);
    expect(await ask()).toBe("-");
    expect(events).toEqual(["built"]);
    const bad = places();
    await storeText(bad.place, Buffer.from("what\nis\nthis\n"));
    const entry = await answering(bad.place, bad.folder).supply.get({ debugFile: "app", debugId: DEBUG_ID });
    expect(entry).toMatchObject({ kind: "malformed", why: expect.stringContaining("no MODULE line") });
  });

  it("has a text built that was cut while it answered, for who asks anew", async () => {
    const { place, folder } = places();
    const file = await storeText(place, app);
    const { supply, ask, events } = answering(place, folder);
    const entry = await supply.get({ debugFile: "app", debugId: DEBUG_ID });
    expect(entry.kind).toBe("found");
    await truncate(file, app.indexOf("FUNC"));
    expect(await ask()).toBe("-");
    expect(events.slice(1)).toEqual(["text", "memory", "damaged", "built"]);
  });

  it("passes over a module that is not there", async () => {
    const { place, folder } = places();
    const { ask, events } = answering(place, folder);
    expect(await ask()).toBe("missing");
    expect(events).toEqual(["missing"]);
  });
});

describe("a supply that has symcaches built behind", () => {
  /** A store that has one text and no symcache, and a supply over it. */
  function behind(folder: string, build: (done: typeof PLAIN) => Promise<void>) {
    const events: string[] = [];
    const asked: string[] = [];
    const source = storedSource("store", {
      has: async ({ symbolFile }) => symbolFile === "app.sym",
      getStream: async () => Readable.from([app], { objectMode: false }),
    });
    const options = {
      ...PLAIN,
      sources: [source],
      folder: symcacheFolder(folder),
      onEvent: (event: string) => events.push(event),
    };
    const supply = createSymbolSupply({
      ...options,
      buildBehind: async ({ debugFile, debugId }) => {
        asked.push(`${debugFile}/${debugId}`);
        await build(options);
      },
    });
    const ask = async (budget?: ByteBudget) => {
      const entry = await supply.get({ debugFile: "app", debugId: DEBUG_ID }, budget);
      return entry.kind === "found" ? shown(entry.symbols.symbolicate(0x1000)) : entry.kind;
    };
    return { ask, events, asked };
  }
  const PLAIN = {
    sources: [] as readonly SymbolSource[],
    folder: symcacheFolder(`${base}/none`),
    memoryBytes: 1024 ** 2,
    missesLastMs: 60_000,
    now: Date.now,
  };

  it("answers all from the text while one build is going on, and from the symcache then", async () => {
    const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
    const { promise: built, resolve: isBuilt } = Promise.withResolvers<void>();
    const { ask, events, asked } = behind(places().folder, async (options) => {
      await allowed;
      await createSymbolSupply(options).get({ debugFile: "app", debugId: DEBUG_ID });
      isBuilt();
    });
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(["f -:-", "f -:-", "f -:-"]);
    expect(events.toSorted()).toEqual(["memory", "memory", "text"]);
    allow();
    await built;
    await vi.waitFor(async () => {
      expect(await ask()).toBe("f -:-");
      expect(events.at(-1)).toBe("disk");
    });
    expect(asked).toEqual([`app/${DEBUG_ID}`]);
  });

  it("builds as ever where the build behind fails", async () => {
    const { ask, events, asked } = behind(places().folder, () => Promise.reject(new Error("no room")));
    expect(await ask()).toBe("f -:-");
    await vi.waitFor(async () => {
      expect(await ask()).toBe("f -:-");
      expect(events).toContain("built");
    });
    expect(asked).toHaveLength(1);
  });

  it("reads no more of a text than who asks may", async () => {
    const { ask, asked } = behind(places().folder, () => Promise.resolve());
    await expect(ask(new ByteBudget(app.length - 1))).rejects.toMatchObject({ code: "SYMBOLS_OVER_BUDGET" });
    expect(asked).toEqual([]);
    expect(await ask(new ByteBudget(app.length))).toBe("f -:-");
  });
});
