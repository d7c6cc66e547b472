import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Symcache } from "../symcache/read/symcache.ts";
import { DEBUG_ID, symcacheBytes, symText } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import type { SymbolFilePath } from "./symbol-file-path.ts";
import { type SymcacheFolder, symcacheFolder } from "./symcache-folder.ts";

const SOURCE = "https://symbols.example";

const base = await temporaryFolder();
let folders = 0;

/** A new folder of symcaches, a module's path, and where its symcaches lie. */
function newFolder() {
  const folder = join(base, `${folders++}`);
  const path = { debugFile: "app", debugId: DEBUG_ID, symbolFile: "app.sym" };
  return { folder, symcaches: symcacheFolder(folder), path, place: join(folder, "app", DEBUG_ID) };
}

/** The function at 0x1000 in a symcache of the folder. */
async function functionIn(symcaches: SymcacheFolder, path: SymbolFilePath, source: string) {
  const bytes = await symcaches.open(path, source);
  return bytes && new Symcache(bytes).lookup(0x1000)?.function;
}

const symcache = await symcacheBytes([symText("FUNC 1000 10 0 f")]);

describe("a folder of symcaches", () => {
  it("gives back what was put there, to others as well", async () => {
    const { symcaches, path } = newFolder();
    expect(await symcaches.open(path, SOURCE)).toBeUndefined();
    await symcaches.write(path, SOURCE, [symcache]);
    expect(await functionIn(symcaches, path, SOURCE)).toBe("f");
  });

  it("keeps what different sources had apart", async () => {
    const { symcaches, path } = newFolder();
    await symcaches.write(path, SOURCE, [symcache]);
    expect(await symcaches.open(path, "another")).toBeUndefined();
    await symcaches.write(path, "another", [await symcacheBytes([symText("FUNC 1000 10 0 other")])]);
    expect(await functionIn(symcaches, path, SOURCE)).toBe("f");
    expect(await functionIn(symcaches, path, "another")).toBe("other");
  });

  it("takes away what turned out to be damaged", async () => {
    const { symcaches, path, place } = newFolder();
    await symcaches.write(path, SOURCE, [symcache]);
    symcaches.remove(path, SOURCE);
    expect(await readdir(place)).toEqual([]);
    symcaches.remove(path, SOURCE);
  });

  it("keeps what was used lately, up to its size, and the youngest however large", async () => {
    const { folder, place } = newFolder();
    const clock = { now: Date.now() };
    const symcaches = symcacheFolder(folder, { maxBytes: symcache.length * 2.5, now: () => clock.now });
    const path = { debugFile: "app", debugId: DEBUG_ID, symbolFile: "app.sym" };
    const write = async (source: string) => {
      await symcaches.write(path, source, [symcache]);
      clock.now += 3_600_000;
    };
    const kept = async () => {
      const sources = ["one", "two", "six"];
      const opened = await Promise.all(sources.map((source) => symcaches.open(path, source)));
      return sources.filter((_, i) => opened[i] !== undefined);
    };
    await write("one");
    await write("two");
    expect(await readdir(place)).toHaveLength(2);
    await symcaches.open(path, "one");
    clock.now += 3_600_000;
    await write("six");
    expect(await kept()).toEqual(["one", "six"]);
    clock.now += 1;
    const small = symcacheFolder(folder, { maxBytes: 1, now: () => clock.now });
    await small.write(path, "two", [symcache]);
    expect(await kept()).toEqual(["two"]);
  });

  it("lets who has an evicted symcache open read on", async () => {
    const { folder } = newFolder();
    const path = { debugFile: "app", debugId: DEBUG_ID, symbolFile: "app.sym" };
    const symcaches = symcacheFolder(folder, { maxBytes: 1 });
    await symcaches.write(path, "one", [symcache]);
    const open = new Symcache((await symcaches.open(path, "one"))!);
    await symcaches.write(path, "two", [symcache]);
    expect(await symcaches.open(path, "one")).toBeUndefined();
    expect(open.lookup(0x1000)?.function).toBe("f");
  });

  it("remembers for a time why a source has none, whatever process asks", async () => {
    const { folder, path } = newFolder();
    const clock = { now: 1000 };
    const absence = { kind: "malformed", why: "it is a web page" } as const;
    const symcaches = symcacheFolder(folder, { now: () => clock.now });
    await symcaches.noteAbsence(path, SOURCE, absence, 2000);
    const other = symcacheFolder(folder, { now: () => clock.now });
    expect(await other.absence(path, SOURCE)).toEqual(absence);
    expect(await other.absence(path, "another")).toBeUndefined();
    clock.now = 2000;
    expect(await other.absence(path, SOURCE)).toBeUndefined();
  });

  it("removes what kills left behind", async () => {
    const { folder, symcaches, path, place } = newFolder();
    await symcaches.write(path, SOURCE, [symcache]);
    const unfinished = join(place, "abc.symcache.1f0e");
    await writeFile(unfinished, "half");
    await symcaches.write(path, SOURCE, [symcache]);
    expect(await readdir(place)).toHaveLength(2);
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(unfinished, longAgo, longAgo);
    await symcacheFolder(folder).write(path, SOURCE, [symcache]);
    expect(await readdir(place)).toHaveLength(1);
  });

  it("writes a file over, and leaves nothing unfinished", async () => {
    const { symcaches, path, place } = newFolder();
    await Promise.all(Array.from({ length: 5 }, () => symcaches.write(path, SOURCE, [symcache])));
    expect(await readdir(place)).toHaveLength(1);
  });

  it("fails to write where it may not, and still reads", async () => {
    const { symcaches, path, place } = newFolder();
    await symcaches.write(path, SOURCE, [symcache]);
    const [name] = await readdir(place);
    // A file where the folder would have to be: not even root writes there.
    const inTheWay = { ...path, debugFile: join(path.debugFile, DEBUG_ID, name!) };
    await expect(symcaches.write(inTheWay, SOURCE, [symcache])).rejects.toMatchObject({
      code: "SYMCACHE_UNSAVED",
      message: expect.stringContaining("ENOTDIR"),
    });
    expect(await symcaches.open(inTheWay, SOURCE)).toBeUndefined();
  });

  it("lets one build at a time what several want", async () => {
    const { symcaches, path } = newFolder();
    let building = 0;
    let most = 0;
    const build = () =>
      symcaches.alone(path, SOURCE, async () => {
        most = Math.max(most, ++building);
        await symcaches.write(path, SOURCE, [symcache]);
        building--;
      });
    await Promise.all([build(), build(), build()]);
    expect(most).toBe(1);
  });
});
