import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tryMutatedDumps } from "./mutated-dumps.ts";

const DUMPS = Number(process.env["MAYDAY_MUTATIONS"] ?? 1_000_000);
const SEED = Number(process.env["MAYDAY_SEED"] ?? Date.now() % 2 ** 31);

/** None may take longer than this, ms. */
const SLOWEST_MS = 2000;

/** Memory may grow by so much from the first tenth to the last, MB. */
const MAX_GROWTH_MB = 60;

/** A million mutated dumps, with mutated symbol files among them: nothing throws, none takes long, memory is bounded. */
export async function hostileDumps(): Promise<boolean> {
  console.log(`  ${DUMPS} mutated dumps, seeds from ${SEED} (MAYDAY_MUTATIONS, MAYDAY_SEED)`);
  const result = await tryMutatedDumps(DUMPS, SEED, (done) => console.log(`  ${done} done`));
  if ("error" in result) {
    const file = join(tmpdir(), `mayday-hostile-${result.seed}.dmp`);
    writeFileSync(file, result.bytes);
    console.log(`  seed ${result.seed} fails (${file}):`, result.error);
    return false;
  }
  const { walked, unreadable, frames, slowestMs, growthMb } = result;
  console.log(
    `  ${walked} walked, ${frames} frames; ${unreadable} refused; slowest ${slowestMs.toFixed(0)} ms; memory grew by ${growthMb.toFixed(0)} MB, to ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`,
  );
  return slowestMs < SLOWEST_MS && growthMb < MAX_GROWTH_MB;
}
