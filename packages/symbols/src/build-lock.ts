import { mkdir, open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder shows that it lives by touching the file; one that did not for so long is gone, ms. */
const STALE_MS = 20_000;
const TOUCH_MS = 2000;
const ASK_AGAIN_MS = 50;

/** What a holder writes into the file. */
const HOLDER = `${hostname()} ${process.pid}`;

/**
 * Runs `work` while no other thread or process does so under the same lock file. A process that was killed holds
 * nobody up; a thread that was ended, or a process of another machine, for {@link STALE_MS}.
 */
export async function underLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(dirname(lockFile), { recursive: true });
    while (!(await take(lockFile))) await sleep(ASK_AGAIN_MS);
  } catch {
    // No lock can be had, as on a full disk: working twice is better than not at all.
    return work();
  }
  return holding(lockFile, work);
}

/** Runs `work` unless another thread or process works under the lock file; for work that nobody waits for. */
export async function unlessLocked(lockFile: string, work: () => Promise<void>): Promise<void> {
  await mkdir(dirname(lockFile), { recursive: true });
  // The first time may find a lock that was left behind, and remove it.
  if ((await take(lockFile)) || (await take(lockFile))) await holding(lockFile, work);
}

/** Shows that the holder lives while it works, and lets go of the lock then. */
async function holding<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
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
    const file = await open(lockFile, "wx");
    // On a full disk the file stays empty, and is as good as any.
    await file.write(HOLDER).catch(() => undefined);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  // Two that find it left behind may both remove it and one of them work in vain: that costs time, nothing else.
  if (await isLeftBehind(lockFile)) await rm(lockFile, { force: true });
  return false;
}

async function isLeftBehind(lockFile: string): Promise<boolean> {
  const found = await stat(lockFile).catch(() => undefined);
  if (found === undefined) return false;
  if (Date.now() - found.mtimeMs > STALE_MS) return true;
  const holder = await readFile(lockFile, "utf8").catch(() => "");
  const [host, pid] = holder.split(" ");
  return host === hostname() && pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
