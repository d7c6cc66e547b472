import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { newCrashId } from "../../../packages/crash/src/index.ts";
import { Chance } from "../../../packages/search/src/conformance/random-crashes.ts";
import { openDuckDbEngine } from "../../../packages/search/src/duckdb/index.ts";
import { parseSuperSearch, type SearchDocument, searchDocument } from "../../../packages/search/src/index.ts";
import type { NamedOptions } from "../../run-named.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const BATCH = 100;
const LONGEST_MS = 1500;
const writer = fileURLToPath(new URL("add-batches.ts", import.meta.url));

/** The documents of a batch, which tell by their ids which it was; every third replaces one of the batch before. */
export function batchOf(round: number, batch: number): SearchDocument[] {
  return Array.from({ length: BATCH }, (_, i) => {
    const uuid = newCrashId(idOf(round, i % 3 === 0 && batch > 0 ? batch - 1 : batch, i), NOW, 0);
    const frames = Array.from({ length: 20 }, (_, at) => ({
      function: `f${(i * at) % 97}`,
      module: "xul.dll",
    }));
    return searchDocument({
      uuid,
      date_processed: NOW.toISOString(),
      signature: `round ${round}`,
      crashing_thread: 0,
      json_dump: { threads: [{ frames }] },
    });
  });
}

const hex = (value: number, length: number): string => value.toString(16).padStart(length, "0");
const idOf = (round: number, batch: number, i: number): string =>
  `${hex(batch, 8)}-${hex(round, 4)}-4000-8000-${hex(i, 12)}`;

/**
 * Kills who adds to the embedded index, with SIGKILL at any moment, 50 times (`--count`) on one file: it opens each time,
 * and has every batch that was acknowledged.
 */
export async function searchKills({ count = "50" }: NamedOptions): Promise<boolean> {
  const seed = Number(process.env["MAYDAY_SEED"] ?? Date.now() % 1_000_000);
  const chance = new Chance(seed);
  const folder = mkdtempSync(join(tmpdir(), "mayday-kills-"));
  const path = join(folder, "search.duckdb");
  let [acknowledged, lost, shown] = [0, 0, 0];
  try {
    for (let round = 1; round <= Number(count); round++) {
      const batches = await addUntilKilled(path, round, chance.below(LONGEST_MS));
      const engine = await openDuckDbEngine({ path, memoryLimitMb: 256 });
      const ids = Array.from({ length: batches }, (_, batch) => batchOf(round, batch)).flat();
      const there = await engine.has(ids.map(({ uuid }) => uuid));
      lost += new Set(ids.map(({ uuid }) => uuid)).size - there.size;
      acknowledged += batches;
      const query = new URLSearchParams({
        date: ">=2026-11-20",
        stack_function: "=f0",
        _results_number: "0",
      });
      const { total } = await engine.search(
        parseSuperSearch(query, { now: new Date(NOW.getTime() + 86_400_000) }),
      );
      if (total < shown) lost += shown - total;
      shown = total;
      await engine.close();
    }
    console.log(
      `  seed ${seed}: killed ${count} times; of ${acknowledged} acknowledged batches ${lost} crashes lost`,
    );
    return lost === 0 && acknowledged > 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many batches were acknowledged. */
async function addUntilKilled(path: string, round: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [writer, path, String(round)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => {
    told += chunk;
  });
  const ended = once(child, "close");
  // The first kill may come while it is being made; later ones after some batches.
  await Promise.race([round === 1 ? undefined : once(child.stdout, "data"), ended]);
  await Promise.race([sleep(afterMs), ended]);
  child.kill("SIGKILL");
  await ended;
  return told.split("\n").length - 1;
}
