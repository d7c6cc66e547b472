import { expect, it } from "vitest";
import { Chance, randomCrashes, randomQuery } from "../conformance/random-crashes.ts";
import { openNaiveEngine } from "../naive/index.ts";
import { parseSuperSearch } from "../super-search.ts";
import { openDuckDbEngine } from "./index.ts";

const at = new Date("2026-11-29T12:00:00Z");

it("answers as a plain look at every crash does, whatever is asked", async () => {
  const seed = Number(process.env["MAYDAY_SEED"] ?? Date.now() % 1_000_000);
  const chance = new Chance(seed);
  const [naive, engine] = [
    openNaiveEngine(),
    await openDuckDbEngine({ path: ":memory:", memoryLimitMb: 512 }),
  ];
  try {
    const crashes = randomCrashes(chance, 400);
    const again = crashes.slice(0, 40).map(({ uuid }, i) => ({ ...crashes[100 + i]!, uuid }));
    const replaced = again.map((one) => ({ ...one, fields: { ...one.fields, uuid: one.uuid } }));
    for (const one of [naive, engine]) {
      await one.add(crashes);
      await one.add(replaced);
    }
    for (let i = 0; i < 250; i++) {
      const query = randomQuery(chance);
      const plan = parseSuperSearch(query, { now: at, parity: chance.is(0.3) });
      const asked = `seed ${seed}: ${new URLSearchParams(query)}`;
      expect(await engine.search(plan), asked).toEqual(await naive.search(plan));
    }
  } finally {
    await engine.close();
  }
}, 120_000);
