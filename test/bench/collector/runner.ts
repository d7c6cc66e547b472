import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A collector that runs, on a port and a folder of its own. */
export interface Runner {
  readonly port: number;
  readonly child: ChildProcess;
  /** What it needs besides, which is not measured. */
  readonly beside: readonly ChildProcess[];
  /** How many reports are in storage. */
  stored(): number;
}

export async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/submit`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

export function filesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : 1),
    0,
  );
}
