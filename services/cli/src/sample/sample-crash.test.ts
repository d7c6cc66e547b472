import { parseCrashId, processedSchema } from "@mayday/crash";
import type { FirstSeen } from "@mayday/records";
import { describe, expect, it } from "vitest";
import { builds, isAtLeast } from "./builds.ts";
import { faults } from "./faults.ts";
import { loadSample } from "./load-sample.ts";
import { Random } from "./random.ts";
import { SAMPLE_DAYS, sampleCrash } from "./sample-crash.ts";

const now = new Date("2026-11-22T14:00:00Z");
const many = () => {
  const random = new Random(7);
  return Array.from({ length: 3000 }, () => sampleCrash(random, now));
};

describe("the sample", () => {
  it("is the same for the same seed, each crash with an id of its own and no field the schema lacks", () => {
    const crashes = many();
    expect(crashes.slice(0, 3)).toEqual(many().slice(0, 3));
    expect(new Set(crashes.map(({ id }) => parseCrashId(id))).size).toBe(3000);
    for (const { processed } of crashes) {
      for (const name of Object.keys(processed)) expect(processedSchema).toHaveProperty(name);
    }
  });

  it("holds crashes of the last four weeks, none of a version before it was out", () => {
    for (const { processed } of many()) {
      const age = (now.getTime() - Date.parse(processed.date_processed!)) / 86_400_000;
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(SAMPLE_DAYS);
      expect(age).toBeLessThan(builds.find(({ version }) => version === processed.version)!.age);
    }
  });

  it("holds each fault, and one that came with a version in no version before", () => {
    const crashes = many();
    for (const { signature, since } of faults) {
      const versions = crashes.map(({ processed }) => processed).filter((one) => one.signature === signature);
      expect(versions, signature).not.toHaveLength(0);
      if (since !== undefined) for (const one of versions) expect(isAtLeast(one.version!, since)).toBe(true);
    }
  });

  it("has one build of each version, but for the nightly, which has one each day", () => {
    const builtOf = Map.groupBy(many(), ({ processed }) => processed.version!);
    for (const { version, channel } of builds) {
      const ids = new Set(builtOf.get(version)?.map(({ processed }) => processed.build));
      if (channel === "nightly") expect(ids.size).toBeGreaterThan(5);
      else expect([version, ids.size]).toEqual([version, 1]);
    }
  });

  it("is stored whole and asked to be indexed, with progress", async () => {
    const stored: string[] = [];
    const seen: FirstSeen[] = [];
    let done = 0;
    await loadSample(70, {
      storage: {
        saveReport: async (raw) => void stored.push(`raw ${raw.uuid}`),
        saveProcessed: async (id) => void stored.push(`processed ${id}`),
      },
      signatures: { see: async (all) => void seen.push(...all) },
      publisher: { publishIndexing: async (id) => void stored.push(`indexing ${id}`) },
      now,
      onProgress: (more) => {
        done += more;
      },
    });
    expect(done).toBe(70);
    expect(new Set(stored).size).toBe(210);
    // Of each crash its own date, which is not today's, and its build.
    expect(seen).toHaveLength(70);
    for (const { firstBuild, firstDate } of seen) {
      expect(firstBuild).toMatch(/^2026\d{4}093000$/);
      expect(firstBuild.slice(0, 8) <= firstDate.slice(0, 10).replaceAll("-", "")).toBe(true);
    }
    expect(new Set(seen.map(({ firstDate }) => firstDate.slice(0, 10))).size).toBeGreaterThan(10);
  });
});
