import type { ObjectStore } from "@mayday/storage";
import { rebuildSymcaches } from "@mayday/symbols-service";
import { progressOn } from "../progress.ts";

/**
 * `mayday symbols rebuild`: builds the symcaches of the symbol store that are missing or of an earlier version.
 * @returns whether all went well
 */
export async function rebuildCommand(objects: ObjectStore, { all }: { all?: boolean }): Promise<boolean> {
  const counts = { current: 0, built: 0, failed: 0 };
  const progress = progressOn(
    process.stderr,
    (done) => `${done} symbol files, ${counts.built} symcaches built`,
  );
  for await (const { key, outcome, why } of rebuildSymcaches(objects, all === true)) {
    counts[outcome]++;
    progress.add(1);
    if (outcome === "failed") console.error(`${key.debugFile}/${key.debugId}/${key.symbolFile}: ${why}`);
  }
  progress.end();
  console.log(`${counts.built} built, ${counts.current} up to date, ${counts.failed} failed`);
  return counts.failed === 0;
}
