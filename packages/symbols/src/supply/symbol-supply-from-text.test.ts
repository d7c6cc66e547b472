import { readdir, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { storeText } from "../test-support/store-text.ts";
import { DEBUG_ID, shown, symcacheBytes, symText } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { directorySource } from "./directory-source.ts";
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
