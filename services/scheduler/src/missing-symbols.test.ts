import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SymbolsArrivedJob } from "@mayday/queue";
import { storedMissing } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { symbolSources } from "@mayday/symbols";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { askForMissing } from "./missing-symbols.ts";
import { documentAt, openScene, type Scene } from "./test-support/scene.ts";

const HOUR_MS = 3_600_000;
const top = await mkdtemp(join(tmpdir(), "mayday-missing-"));
afterAll(() => rm(top, { recursive: true, force: true }));

const idOf = (number: number) => `${number.toString(16).toUpperCase().padStart(32, "A")}1`;
const pathOf = (file: string, number: number) => `/${file}/${idOf(number)}/${file.replace(/\.pdb$/, "")}.sym`;

/** A symbol server of the test's. */
let has = new Set<string>();
let asked: string[] = [];
const server = createServer((request, response) => {
  const path = request.url?.split("?")[0] ?? "";
  asked.push(path);
  response.writeHead(has.has(path) ? 200 : 404).end();
});
await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
const sources = symbolSources([`http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
afterAll(() => server.close());

let scene: Scene;
let arrived: SymbolsArrivedJob[];
let missing: ReturnType<typeof storedMissing>;
const scenes: Scene[] = [];
afterAll(() => Promise.all(scenes.map((one) => one.close())));

beforeEach(async () => {
  scene = await openScene(new Date("2026-09-01T12:00:00Z"));
  scenes.push(scene);
  missing = storedMissing(await openFsObjectStore(await mkdtemp(join(top, "store-"))), () =>
    scene.now().getTime(),
  );
  [has, asked, arrived] = [new Set(), [], []];
});

const crash = (number: number, missed: string) =>
  scene.engine.add([documentAt(number, scene.now(), { missing_symbols: missed })]);
const ask = (most?: number) =>
  askForMissing(
    {
      ...scene,
      sources,
      missing,
      arrivals: { publish: async (job) => void arrived.push(job) },
    },
    { firstMs: HOUR_MS, ...(most !== undefined && { most }) },
  );

describe("symbols that crashes missed", () => {
  it("are asked for again later and later, and told when a source has them, once", async () => {
    await crash(1, `app/None/${idOf(1)}`);
    expect([await ask(), asked]).toEqual([0, []]);
    scene.pass(HOUR_MS);
    await ask();
    await ask();
    scene.pass(HOUR_MS);
    await ask();
    expect(asked).toEqual([pathOf("app", 1)]);
    has.add(pathOf("app", 1));
    scene.pass(HOUR_MS);
    expect(await ask()).toBe(1);
    expect(arrived).toEqual([{ debugFile: "app", debugId: idOf(1), codeFile: "app", codeId: "" }]);
    scene.pass(HOUR_MS);
    expect(await ask()).toBe(0);
  });

  it("are those that most crashes missed first, so many at a time", async () => {
    await crash(1, `rare/None/${idOf(1)}`);
    await crash(2, `often/None/${idOf(2)}`);
    await crash(3, `often/None/${idOf(2)}`);
    await ask();
    scene.pass(HOUR_MS);
    await ask(1);
    expect(asked).toEqual([pathOf("often", 2)]);
    await ask(1);
    expect(asked).toEqual([pathOf("often", 2), pathOf("rare", 1)]);
  });

  it("are asked for by the debug file that the walk told, else by the usual one", async () => {
    await crash(1, `app.dll/1\\/2/${idOf(1)}/c0de;other.dll/1.0/${idOf(2)}/c0de`);
    const module = { debugFile: "app-x64.pdb", debugId: idOf(1), codeFile: "app.dll", codeId: "C0DE" };
    missing.note({ module, by: "walk" });
    await ask();
    scene.pass(HOUR_MS);
    await ask();
    expect(asked.sort()).toEqual([pathOf("app-x64.pdb", 1), pathOf("other.pdb", 2)].sort());
  });

  it("are left to the next time where the sources are away", async () => {
    for (const number of [1, 2, 3, 4, 5]) await crash(number, `app${number}/None/${idOf(number)}`);
    await ask();
    scene.pass(HOUR_MS);
    const away = { ...sources[0]!, find: () => Promise.reject(new Error("away")) };
    const parts = { ...scene, sources: [away], missing, arrivals: { publish: async () => undefined } };
    await askForMissing(parts, { firstMs: HOUR_MS });
    expect(asked).toEqual([]);
    await ask();
    expect(asked).toHaveLength(2);
  });

  it("are forgotten when no crash misses them any more", async () => {
    await crash(1, `app/None/${idOf(1)}`);
    await ask();
    await scene.engine.add([documentAt(1, scene.now(), {})]);
    scene.pass(2 * HOUR_MS);
    await ask();
    expect(asked).toEqual([]);
    expect(await scene.notebook.read("missing-symbols")).toEqual({});
  });
});
