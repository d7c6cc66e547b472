import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { underLock, unlessLocked } from "./build-lock.ts";

const folder = await mkdtemp(join(tmpdir(), "mayday-lock-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Another process that works under the lock for ever. */
async function lockingProcess(lock: string): Promise<ChildProcess> {
  const source = new URL("./build-lock.ts", import.meta.url).href;
  const program = `const { underLock } = await import(${JSON.stringify(source)});
    setInterval(() => {}, 1000);
    await underLock(${JSON.stringify(lock)}, () => { console.log("locked"); return new Promise(() => {}); });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  await once(child.stdout, "data");
  return child;
}

describe("underLock", () => {
  it("lets one work at a time, and everybody in the end", async () => {
    const lock = join(folder, "deep", "one.lock");
    let working = 0;
    let most = 0;
    const results = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        underLock(lock, async () => {
          most = Math.max(most, ++working);
          await sleep(5);
          working--;
          return i;
        }),
      ),
    );
    expect(results).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it("lets go when the work fails", async () => {
    const lock = join(folder, "two.lock");
    await expect(underLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await underLock(lock, async () => "yes")).toBe("yes");
  });

  it("waits for another process, and takes over at once when that is killed", async () => {
    const lock = join(folder, "other.lock");
    const other = await lockingProcess(lock);
    const waiting = underLock(lock, async () => "mine");
    expect(await Promise.race([waiting, sleep(150, "waits")])).toBe("waits");
    other.kill("SIGKILL");
    expect(await waiting).toBe("mine");
  });

  it("is not held up by a file that nobody has locked", async () => {
    const lock = join(folder, "left.lock");
    await writeFile(lock, "");
    expect(await underLock(lock, async () => "mine")).toBe("mine");
  });
});

describe("unlessLocked", () => {
  it("works when nobody does, and leaves it to who does", async () => {
    const lock = join(folder, "behind.lock");
    let worked = 0;
    const work = async () => {
      worked++;
      await sleep(20);
    };
    await Promise.all([unlessLocked(lock, work), unlessLocked(lock, work)]);
    expect(worked).toBe(1);
    await unlessLocked(lock, work);
    expect(worked).toBe(2);
  });

  it("takes over from a process that was killed", async () => {
    const lock = join(folder, "killed.lock");
    const other = await lockingProcess(lock);
    let worked = 0;
    const work = async () => {
      worked++;
    };
    await unlessLocked(lock, work);
    expect(worked).toBe(0);
    other.kill("SIGKILL");
    await once(other, "exit");
    await unlessLocked(lock, work);
    expect(worked).toBe(1);
  });
});
