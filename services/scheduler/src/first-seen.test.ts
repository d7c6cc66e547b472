import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seeSignatures } from "./first-seen.ts";
import { documentAt, openScene, type Scene } from "./test-support/scene.ts";

const start = new Date("2026-11-22T14:00:00Z");
const DAY_MS = 86_400_000;
let scene: Scene;
beforeEach(async () => {
  scene = await openScene(start);
});
afterEach(() => scene.close());

const ago = (ms: number) => new Date(start.getTime() - ms);
const run = () => seeSignatures({ ...scene, signatures: scene.records.signatures });
const seen = async (signature: string) => (await scene.records.signatures.get([signature]))[0];

describe("signatures", () => {
  it("were first seen at the earliest date and the lowest build of their crashes", async () => {
    await scene.engine.add([
      documentAt(1, ago(9 * DAY_MS), { build: 20261103000000 }),
      documentAt(2, ago(DAY_MS), { build: 20261101000000 }),
      documentAt(3, ago(DAY_MS), { signature: "pour" }),
    ]);
    await run();
    expect(await seen("brew")).toEqual({
      signature: "brew",
      firstBuild: "20261101000000",
      firstDate: "2026-11-13T14:00:00.000000+00:00",
    });
    expect(await seen("pour")).toMatchObject({ firstBuild: "" });
  });

  it("of crashes that come late are seen the next time, and those of old crashes within a day", async () => {
    await scene.engine.add([documentAt(1, start)]);
    await run();
    const late = documentAt(2, ago(3_600_000), { signature: "late" });
    const changed = documentAt(3, ago(40 * DAY_MS), { signature: "changed" });
    await scene.engine.add([late, changed]);
    scene.pass(600_000);
    await run();
    expect(await seen("late")).toMatchObject({ firstDate: "2026-11-22T13:00:00.000000+00:00" });
    expect(await seen("changed")).toBeUndefined();
    scene.pass(DAY_MS);
    await run();
    expect(await seen("changed")).toMatchObject({ firstDate: "2026-10-13T14:00:00.000000+00:00" });
  });

  it("are learned again where Redis lost what it had, with no other answer", async () => {
    await scene.engine.add([documentAt(1, start)]);
    await run();
    const before = await seen("brew");
    scene.forgetAll();
    expect(await run()).toBeGreaterThan(0);
    expect(await seen("brew")).toEqual(before);
  });

  it("are seen however many crashes one moment has", async () => {
    const crowd = Array.from({ length: 5001 }, (_, number) => documentAt(number, ago(DAY_MS)));
    await scene.engine.add([...crowd, documentAt(6000, start, { signature: "after" })]);
    await run();
    expect(await seen("after")).toMatchObject({ firstDate: "2026-11-22T14:00:00.000000+00:00" });
  });

  it("are seen the next time where a stop came between", async () => {
    const aborted = AbortSignal.abort();
    await scene.engine.add([documentAt(1, start)]);
    await seeSignatures({ ...scene, signatures: scene.records.signatures }, aborted);
    expect(await seen("brew")).toBeUndefined();
    await run();
    expect(await seen("brew")).toBeDefined();
  });
});
