import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildSymcache } from "./build-symcache.ts";
import { symcacheFolder } from "./symcache-folder.ts";
import { DEBUG_ID, symText } from "./test-support/sym-text.ts";
import { temporaryFolder } from "./test-support/temporary-folder.ts";

const SOURCE = "https://symbols.example";

const base = await temporaryFolder();
let folders = 0;

/** A new folder of symcaches, a module's path, and where its symcaches lie. */
function newFolder() {
  const folder = join(base, `${folders++}`);
  const path = { debugFile: "app", debugId: DEBUG_ID, symbolFile: "app.sym" };
  return { symcaches: symcacheFolder(folder), path, place: join(folder, "app", DEBUG_ID) };
}

const symcache = await buildSymcache([symText("FUNC 1000 10 0 f")]);

describe("a folder of symcaches", () => {
  it("gives back what was put there, to others as well", async () => {
    const { symcaches, path } = newFolder();
    expect(await symcaches.read(path, SOURCE)).toBeUndefined();
    await symcaches.write(path, SOURCE, symcache);
    expect((await symcaches.read(path, SOURCE))?.lookup(0x1000)?.function).toBe("f");
  });

  it("keeps what different sources had apart", async () => {
    const { symcaches, path } = newFolder();
    await symcaches.write(path, SOURCE, symcache);
    expect(await symcaches.read(path, "another")).toBeUndefined();
    await symcaches.write(path, "another", await buildSymcache([symText("FUNC 1000 10 0 other")]));
    expect((await symcaches.read(path, SOURCE))?.lookup(0x1000)?.function).toBe("f");
    expect((await symcaches.read(path, "another"))?.lookup(0x1000)?.function).toBe("other");
  });

  it("takes a damaged file for absent, and removes it", async () => {
    const { symcaches, path, place } = newFolder();
    await symcaches.write(path, SOURCE, symcache);
    const [name] = await readdir(place);
    const file = join(place, name!);
    for (const damage of [
      (bytes: Buffer) => bytes.subarray(0, 100),
      (bytes: Buffer) => bytes.fill(77, 40, 41),
    ]) {
      await symcaches.write(path, SOURCE, symcache);
      await writeFile(file, damage(await readFile(file)));
      expect(await symcaches.read(path, SOURCE)).toBeUndefined();
      expect(await readdir(place)).toEqual([]);
    }
  });

  it("writes a file over, and leaves nothing unfinished", async () => {
    const { symcaches, path, place } = newFolder();
    await Promise.all(Array.from({ length: 5 }, () => symcaches.write(path, SOURCE, symcache)));
    expect(await readdir(place)).toHaveLength(1);
  });

  it("fails to write where it may not, and still reads", async () => {
    const { symcaches, path, place } = newFolder();
    await symcaches.write(path, SOURCE, symcache);
    const [name] = await readdir(place);
    // A file where the folder would have to be: not even root writes there.
    const inTheWay = { ...path, debugFile: join(path.debugFile, DEBUG_ID, name!) };
    await expect(symcaches.write(inTheWay, SOURCE, symcache)).rejects.toMatchObject({ code: "ENOTDIR" });
    expect(await symcaches.read(inTheWay, SOURCE)).toBeUndefined();
  });

  it("lets one build at a time what several want", async () => {
    const { symcaches, path } = newFolder();
    let building = 0;
    let most = 0;
    const build = () =>
      symcaches.alone(path, SOURCE, async () => {
        most = Math.max(most, ++building);
        await symcaches.write(path, SOURCE, symcache);
        building--;
      });
    await Promise.all([build(), build(), build()]);
    expect(most).toBe(1);
  });
});
