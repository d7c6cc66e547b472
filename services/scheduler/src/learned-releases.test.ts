import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { learnReleases } from "./learned-releases.ts";
import { documentAt, openScene, type Scene } from "./test-support/scene.ts";

const start = new Date("2026-11-22T14:00:00Z");
let scene: Scene;
let number = 0;
beforeEach(async () => {
  scene = await openScene(start);
});
afterEach(() => scene.close());

const run = () => learnReleases({ ...scene, releases: scene.records.releases });

/** Crashes that all say this of themselves. */
const say = (count: number, release_channel: string, version: string, build = 20261101000000) =>
  scene.engine.add(
    Array.from({ length: count }, () =>
      documentAt(number++, start, { product: "Firefox", release_channel, version, build }),
    ),
  );
const versions = (channel: string, build = "20261101000000") =>
  scene.records.releases.versionsOf("Firefox", channel, build);

describe("releases", () => {
  it("are learned of what several crashes say, once", async () => {
    await say(3, "release", "143.0");
    await say(3, "beta", "144.0b7");
    await say(2, "esr", "140.3.0esr");
    expect(await run()).toBe(2);
    expect(await run()).toBe(0);
    expect(await versions("release")).toEqual(["143.0"]);
    expect(await versions("beta")).toEqual(["144.0b7"]);
    expect(await versions("esr")).toEqual([]);
    expect(scene.metrics.counted("scheduler_learned_total", { what: "release" })).toBe(2);
  });

  it("of betas are never those that crashes call by the release they lead to, or by a beta 0", async () => {
    await say(5, "beta", "144.0");
    await say(5, "beta", "144.0b0");
    await say(5, "aurora", "144.0", 20261102000000);
    expect(await run()).toBe(0);
  });

  it("are not what is no version or no build", async () => {
    await say(5, "release", "143.0'; drop table releases");
    await say(5, "release", "143.0", 7);
    expect(await run()).toBe(0);
  });
});
