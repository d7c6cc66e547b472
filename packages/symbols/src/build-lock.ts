import { mkdir, open, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder shows that it lives by touching the file; one that did not for so long is gone, ms. */
const STALE_MS = 20_000;
const TOUCH_MS = 2000;
const ASK_AGAIN_MS = 50;

/**
 * Runs `work` while no other thread or process of the machine does so under the same lock file. A holder that was
 * killed holds nobody up for long.
 */
export async function underLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(dirname(lockFile), { recursive: true });
    while (!(await take(lockFile))) await sleep(ASK_AGAIN_MS);
  } catch {
    // No lock can be had, as on a full disk: working twice is better than not at all.
    return work();
  }
  const touching = setInterval(() => {
    const now = new Date();
    utimes(lockFile, now, now).catch(() => undefined);
  }, TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    await rm(lockFile, { force: true });
  }
}

async function take(lockFile: string): Promise<boolean> {
  try {
    await (await open(lockFile, "wx")).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const found = await stat(lockFile).catch(() => undefined);
  // Two that find it stale at once may both remove it and one of them build in vain: that costs time, nothing else.
  if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(lockFile, { force: true });
  return false;
}
