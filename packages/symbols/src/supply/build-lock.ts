import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tryLock } from "@mayday/lock";

const ASK_AGAIN_MS = 50;

/**
 * Runs `work` while no other thread or process does so under the same lock file. A process that was killed, or a thread
 * that was ended, holds nobody up.
 */
export async function underLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  let unlock: (() => void) | undefined;
  try {
    await mkdir(dirname(lockFile), { recursive: true });
    for (;;) {
      unlock = tryLock(lockFile);
      if (unlock !== undefined) break;
      await sleep(ASK_AGAIN_MS);
    }
  } catch {
    // No lock can be had, as on a full disk: working twice is better than not at all.
    return work();
  }
  return holding(lockFile, unlock, work);
}

/** Runs `work` unless another thread or process works under the lock file; for work that nobody waits for. */
export async function unlessLocked(lockFile: string, work: () => Promise<void>): Promise<void> {
  await mkdir(dirname(lockFile), { recursive: true });
  const unlock = tryLock(lockFile);
  if (unlock !== undefined) await holding(lockFile, unlock, work);
}

/** Works and lets go of the lock then. */
async function holding<T>(lockFile: string, unlock: () => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    // Somebody may take the lock of the very file that is removed, and another one that of the next file of this name.
    // Then both work, which costs time and nothing else.
    await rm(lockFile, { force: true });
    unlock();
  }
}
