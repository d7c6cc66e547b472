import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Publisher } from "@mayday/queue";
import type { ObjectStore } from "@mayday/storage";
import type { Stage } from "./stage.ts";
import type { Answered } from "./submissions.ts";

const LOOKS_AT_ONCE = 32;

/** The ids below a prefix of the store. */
export async function idsBelow(store: ObjectStore, prefix: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { key } of store.list(prefix)) ids.add(key.split("/").at(-1) ?? "");
  return ids;
}

/** Waits until `missing` gives 0, for `limitMs` at most; returns what was missing at the end. */
export async function untilNone(
  what: string,
  limitMs: number,
  missing: () => Promise<number>,
): Promise<number> {
  const deadline = Date.now() + limitMs;
  for (let round = 0; ; round++) {
    const left = await missing();
    if (left === 0 || Date.now() > deadline) return left;
    if (round % 6 === 0) console.log(`  ${what}: ${left} left`);
    await sleep(5000);
  }
}

/** Waits until all jobs are done; returns how many were not at the end. */
export function untilJobsEnd(publisher: Pick<Publisher, "depths">, limitMs: number): Promise<number> {
  return untilNone("jobs to end", limitMs, async () => {
    const depths = Object.values(await publisher.depths());
    return depths.reduce(
      (sum, { waiting = 0, active = 0, delayed = 0 }) => sum + waiting + active + delayed,
      0,
    );
  });
}

/** How many of the answered reports are not in storage with the dump that was sent. */
export async function countLost({ store }: Stage, answered: readonly Answered[]): Promise<number> {
  let lost = 0;
  const rest = [...answered];
  const look = async () => {
    for (let report = rest.pop(); report !== undefined; report = rest.pop()) {
      if (!(await isWhole(store, report))) lost++;
    }
  };
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, look));
  return lost;
}

async function isWhole(store: ObjectStore, { crashId, checksum }: Answered): Promise<boolean> {
  const raw = await store.get(`v1/raw_crash/20${crashId.slice(-6)}/${crashId}`);
  const dump = await store.get(`v1/dump/${crashId}`);
  if (raw === undefined || dump === undefined) return false;
  const { uuid, metadata } = JSON.parse(raw.toString());
  return (
    uuid === crashId &&
    metadata.dump_checksums.upload_file_minidump === checksum &&
    createHash("sha256").update(dump).digest("hex") === checksum
  );
}

/** How many of the answered reports never came into storage within `limitMs`. */
export function waitUntilStored(
  { store }: Stage,
  answered: readonly Answered[],
  limitMs: number,
): Promise<number> {
  return untilNone("to be stored", limitMs, async () => {
    const stored = await idsBelow(store, "v1/raw_crash/");
    return answered.filter(({ crashId }) => !stored.has(crashId)).length;
  });
}

export function waitUntilProcessed(
  { store }: Stage,
  answered: readonly Answered[],
  limitMs: number,
): Promise<number> {
  return untilNone("to be processed", limitMs, async () => {
    const processed = await idsBelow(store, "v1/processed_crash/");
    return answered.filter(({ crashId }) => !processed.has(crashId)).length;
  });
}

/**
 * Reports in storage and crashes that the search shows. They are equal when every crash is visible and none twice: reports
 * whose answer a kill cut off are in storage as well.
 */
export async function countVisible(
  { store, webapp }: Stage,
  limitMs: number,
): Promise<{ stored: number; visible: number }> {
  const { size: stored } = await idsBelow(store, "v1/raw_crash/");
  let visible = 0;
  await untilNone("to be visible", limitMs, async () => {
    const response = await fetch(`${webapp}/api/SuperSearch/?product=Chaos&_results_number=0`);
    visible = ((await response.json()) as { total: number }).total;
    return Math.abs(stored - visible);
  });
  return { stored, visible };
}
