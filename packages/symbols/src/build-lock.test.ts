import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { underLock, unlessLocked } from "./build-lock.ts";

const folder = await mkdtemp(join(tmpdir(), "mayday-lock-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

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

  it("takes over at once from a process that was killed", async () => {
    const lock = join(folder, "dead.lock");
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(lock, `${hostname()} ${pid}`);
    expect(await underLock(lock, async () => "mine")).toBe("mine");
  });

  it("waits for a holder that lives, and for one of another machine", async () => {
    for (const holder of [`${hostname()} ${process.pid}`, "another-host 1"]) {
      const lock = join(folder, "alive.lock");
      await writeFile(lock, holder);
      const waiting = underLock(lock, async () => "mine");
      expect(await Promise.race([waiting, sleep(150, "waits")])).toBe("waits");
      await rm(lock);
      expect(await waiting).toBe("mine");
    }
  });

  it("takes over from a holder that shows no life", async () => {
    const lock = join(folder, "three.lock");
    await writeFile(lock, "");
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
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
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    await writeFile(lock, `${hostname()} ${pid}`);
    let worked = false;
    await unlessLocked(lock, async () => {
      worked = true;
    });
    expect(worked).toBe(true);
  });
});
