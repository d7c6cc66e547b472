import { DOCUMENT_VERSION } from "@mayday/search";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reindex } from "./reindexing.ts";
import { documentAt, openScene, type Scene } from "./test-support/scene.ts";

const start = new Date("2026-11-22T14:00:00Z");
let scene: Scene;
let queued: string[];
let waiting: number;

beforeEach(async () => {
  scene = await openScene(start);
  queued = [];
  waiting = 0;
});
afterEach(() => scene.close());

const run = () =>
  reindex({
    ...scene,
    publisher: {
      republishIndexing: async (id) => void queued.push(id),
      depths: async () => ({ indexing: { waiting } }),
    },
  });

const old = (number: number) => ({ ...documentAt(number, start), version: DOCUMENT_VERSION - 1 });

describe("crashes of an earlier index version", () => {
  it("are queued, and those of the present one are not", async () => {
    const [first, second] = [old(1), old(2)];
    await scene.engine.add([second, first, documentAt(3, start)]);
    expect(await run()).toBe(2);
    expect(queued).toEqual([first.uuid, second.uuid]);
    expect(scene.metrics.counted("scheduler_repaired_total", { missing: "version" })).toBe(2);
  });

  it("are queued by the thousand, on from where the last time ended, and the rest once the index has room", async () => {
    await scene.engine.add(Array.from({ length: 1500 }, (_, number) => old(number)));
    expect(await run()).toBe(1000);
    waiting = 800;
    expect(await run()).toBe(0);
    waiting = 100;
    expect(await run()).toBe(500);
    expect(new Set(queued).size).toBe(1500);
    // Those that could not be indexed are looked for again, later.
    expect(await run()).toBe(0);
    scene.pass(7 * 3_600_000);
    expect(await run()).toBe(1000);
  });

  it("are all looked for again where Redis lost what it had", async () => {
    await scene.engine.add([old(1)]);
    await run();
    scene.forgetAll();
    expect(await run()).toBe(1);
  });
});
