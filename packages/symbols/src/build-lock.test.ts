import { existsSync } from "node:fs";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { underLock } from "./build-lock.ts";

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

  it("takes over from a holder that was killed", async () => {
    const lock = join(folder, "three.lock");
    await writeFile(lock, "");
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    expect(await underLock(lock, async () => "mine")).toBe("mine");
  });
});
