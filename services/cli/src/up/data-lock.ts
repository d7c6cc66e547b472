import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MaydayError } from "@mayday/crash";

/**
 * Keeps two pipelines out of one data folder. The lock of a process that was killed is taken over.
 * @returns lets the folder go
 * @throws {MaydayError} CONFIG_INVALID when another pipeline runs there
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, "mayday.pid");
  const holder = readHolder(path);
  if (holder !== undefined && isMayday(holder)) {
    throw new MaydayError(
      "CONFIG_INVALID",
      `another mayday (process ${holder}) uses ${dataDir}; if there is none, remove ${path}`,
    );
  }
  writeFileSync(path, `${process.pid}\n`);
  return () => rmSync(path, { force: true });
}

function readHolder(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process lives and, where that can be seen, is one of ours: process ids are given out again. */
function isMayday(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("services/cli/src/main.ts");
  } catch {
    return process.platform !== "linux";
  }
}
