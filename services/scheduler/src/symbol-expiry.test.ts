import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectStore, usedSymbols } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { expireOldSymbols } from "./symbol-expiry.ts";
import { documentAt, openScene, type Scene } from "./test-support/scene.ts";

const DAY_MS = 86_400_000;
const top = await mkdtemp(join(tmpdir(), "mayday-symbol-expiry-"));
afterAll(() => rm(top, { recursive: true, force: true }));

const idOf = (number: number) => `${number.toString(16).toUpperCase().padStart(32, "A")}1`;
const keyOf = (tree: string, number: number) => `${tree}/app${number}/${idOf(number)}/app${number}.sym`;

let scene: Scene;
let symbols: ObjectStore;
const scenes: Scene[] = [];
afterAll(() => Promise.all(scenes.map((one) => one.close())));

beforeEach(async () => {
  // Files are as old as they are: it is the sweep that is later.
  scene = await openScene(new Date());
  scenes.push(scene);
  symbols = await openFsObjectStore(await mkdtemp(join(top, "store-")));
});

const put = (key: string) => symbols.put(key, Buffer.from("text"));
const sweep = (most?: number) =>
  expireOldSymbols(
    { ...scene, symbols },
    { days: { v1: 365, "try/v1": 28, "fetched/v1": 60 }, ...(most !== undefined && { most }) },
  );
async function left(): Promise<string[]> {
  const keys: string[] = [];
  for (const tree of ["v1", "try/v1", "fetched/v1"])
    for await (const { key } of symbols.list(`${tree}/`)) keys.push(key);
  return keys.sort();
}

describe("symbols that are too old", () => {
  it("are removed with their symcaches, those of try builds after days, the others after a year", async () => {
    await put(keyOf("v1", 1));
    await put(keyOf("try/v1", 2));
    await put(keyOf("try/v1", 2).replace(".sym", ".symcache"));
    scene.pass(27 * DAY_MS);
    expect([await sweep(), (await left()).length]).toEqual([0, 3]);
    scene.pass(2 * DAY_MS);
    await sweep();
    expect(await left()).toEqual([keyOf("v1", 1)]);
    scene.pass(338 * DAY_MS);
    await sweep();
    expect(await left()).toEqual([]);
    expect(scene.metrics.counted("scheduler_expired_symbols_total", { tree: "v1" })).toBe(1);
  });

  it("are kept while somebody asks for them, and while a crash has them on its stack", async () => {
    for (const number of [1, 2, 3]) await put(keyOf("v1", number));
    const used = usedSymbols(symbols, () => scene.now().getTime() + 300 * DAY_MS);
    used.note({ tree: "v1", debugFile: "app1", debugId: idOf(1).toLowerCase() });
    await used.flush();
    await scene.engine.add([
      documentAt(1, scene.now(), { modules_in_stack: `app2/${idOf(2)};libc.so.6/${idOf(9)}` }),
    ]);
    scene.pass(400 * DAY_MS);
    expect(await sweep()).toBe(1);
    expect(await left()).toEqual([keyOf("v1", 1), keyOf("v1", 2)]);
  });

  it("are many: the next time goes on, and then a day passes", async () => {
    for (let number = 0; number < 450; number++) await put(keyOf("v1", number));
    scene.pass(400 * DAY_MS);
    expect(await sweep(100)).toBe(400);
    expect(await sweep(100)).toBe(50);
    expect(await sweep(100)).toBe(0);
    await put(keyOf("v1", 1000));
    expect(await sweep()).toBe(0);
    scene.pass(2 * DAY_MS);
    expect(await sweep()).toBe(1);
  }, 60_000);
});
