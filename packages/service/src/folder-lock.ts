import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tryLock } from "@mayday/lock";

/** A folder is in use by another process. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
  readonly code = "CONFIG_INVALID";
}

/** A process that was told to end takes up to nine seconds, and notices up to a second late that it is to. */
const WAIT_MS = 12_000;
const ASK_AGAIN_MS = 50;

/**
 * Keeps two processes out of one folder, on this machine or in containers that share it. The lock is the kernel's, on
 * `fileName` and `.lock`: it ends with its process. `fileName` itself only tells people who has it.
 * @param waitMs how long to wait for a process that is about to end
 * @returns lets the folder go
 * @throws {FolderInUse} when another process uses it still
 */
export async function lockFolder(folder: string, fileName: string, waitMs = WAIT_MS): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileName);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const unlock = tryLock(`${path}.lock`);
    if (unlock !== undefined) {
      tellHolder(path);
      return () => {
        rmSync(path, { force: true });
        unlock();
      };
    }
    if (performance.now() > deadline) throw new FolderInUse(`${holderOf(path)} uses ${folder}`);
    await sleep(ASK_AGAIN_MS);
  }
}

/** A full disk must not keep anybody from the lock. */
function tellHolder(path: string): void {
  try {
    writeFileSync(path, `process ${process.pid} of ${hostname()}, since ${new Date().toISOString()},\n`);
  } catch {}
}

function holderOf(path: string): string {
  try {
    const text = readFileSync(path, "utf8").slice(0, 200).trim();
    return text.startsWith("process ") ? text : "another process";
  } catch {
    return "another process";
  }
}
