import type { SymcacheJob } from "@mayday/queue";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askForSymcaches } from "./symcaches.ts";
import { openScene, type Scene } from "./test-support/scene.ts";

const start = new Date("2026-11-22T14:00:00Z");
const HOUR_MS = 3_600_000;
let scene: Scene;
let asked: SymcacheJob[];
let active: number;

beforeEach(async () => {
  scene = await openScene(start);
  asked = [];
  active = 0;
});
afterEach(() => scene.close());

const run = () =>
  askForSymcaches({
    ...scene,
    uploads: scene.records.uploads,
    symcaches: { publish: async (job) => void asked.push(job), counts: async () => ({ active, failed: 3 }) },
  });

const upload = (id: number, waiting: readonly string[], isTry = false) =>
  scene.records.uploads.save({
    id: String(id),
    created: start,
    owner: "ci",
    state: "completed",
    detail: { archive: "a.zip", bytes: 9, isTry, files: 3, skipped: 0, problems: 0, waiting },
  });

describe("uploads without symcache", () => {
  it("are asked for once no job is left that could be theirs", async () => {
    await upload(7, ["app/ABC0/app.sym", "lib.pdb/DEF1/lib.sym"]);
    await upload(8, ["app/ABC2/app.sym"], true);
    await upload(9, []);
    expect(await run()).toBe(0);
    scene.pass(HOUR_MS);
    active = 1;
    expect(await run()).toBe(0);
    active = 0;
    expect(await run()).toBe(3);
    expect(asked).toEqual([
      { debugFile: "app", debugId: "ABC0", symbolFile: "app.sym", isTry: false, uploadId: 7 },
      { debugFile: "lib.pdb", debugId: "DEF1", symbolFile: "lib.sym", isTry: false, uploadId: 7 },
      { debugFile: "app", debugId: "ABC2", symbolFile: "app.sym", isTry: true, uploadId: 8 },
    ]);
    await upload(7, []);
    await upload(8, []);
    expect(await run()).toBe(0);
  });

  it("that end every builder are given up after three times, and others are not", async () => {
    await upload(7, ["app/ABC0/app.sym"]);
    scene.pass(HOUR_MS);
    for (let time = 0; time < 3; time++) expect(await run()).toBe(1);
    expect(await run()).toBe(0);
    await upload(8, ["app/ABC1/app.sym"]);
    expect(await run()).toBe(1);
    expect(asked.at(-1)).toMatchObject({ uploadId: 8 });
  });
});
