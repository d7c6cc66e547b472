import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockFolder } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-lock-"));
const path = join(folder, "owner");
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});
const source = new URL("./folder-lock.ts", import.meta.url).href;
const program = `const { lockFolder } = await import(${JSON.stringify(source)});
  await lockFolder(${JSON.stringify(folder)}, "owner", Number(process.env.WAIT_MS));
  console.log("locked as " + process.pid); setInterval(() => {}, 1000);`;
const node = [process.execPath, "--input-type=module", "-e", program];

/** A process that takes the lock, or ends saying why not. */
function locker(command: readonly string[], waitMs: number) {
  const child = spawn(command[0]!, command.slice(1), { env: { ...process.env, WAIT_MS: String(waitMs) } });
  started.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const result = new Promise<string>((done) => {
    child.stdout.once("data", (chunk) => done(String(chunk)));
    child.once("close", () => done(said));
  });
  return { child, result };
}

describe("the lock of a folder", () => {
  it("keeps others out while its process lives, and no longer, and tells who has it", async () => {
    const { child, result } = locker(node, 0);
    await result;
    await expect(lockFolder(folder, "owner", 0)).rejects.toThrow(
      new RegExp(`^process ${child.pid} of ${hostname()}, since 20.*Z, uses ${folder}$`),
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    (await lockFolder(folder, "owner", 0))();
  });

  it("is waited for while its process ends", async () => {
    const { child, result } = locker(node, 0);
    await result;
    const waiting = lockFolder(folder, "owner");
    await expect(lockFolder(folder, "owner", 0)).rejects.toThrow("uses");
    child.kill("SIGKILL");
    (await waiting)();
  });

  it("is one's own only once, and can be let go", async () => {
    const unlock = await lockFolder(folder, "owner", 0);
    await expect(lockFolder(folder, "owner", 0)).rejects.toThrow(`process ${process.pid} of`);
    unlock();
    expect(existsSync(path)).toBe(false);
    (await lockFolder(folder, "owner", 0))();
  });

  it("that nobody has is free, whatever the file about its holder says", async () => {
    for (const text of ["junk", `process ${process.ppid} of ${hostname()}, since ever,`]) {
      writeFileSync(path, text);
      const unlock = await lockFolder(folder, "owner", 0);
      expect(readFileSync(path, "utf8")).toContain(`process ${process.pid} of`);
      unlock();
    }
  });

  const contained = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", ...node];
  const canUnshare = spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "true"]).status === 0;
  it.skipIf(!canUnshare)(
    "is seen by another container, where its process has the same id, and taken over from there (needs unshare)",
    async () => {
      const first = locker(contained, 0);
      expect(await first.result).toBe("locked as 1\n");
      const refused = locker(contained, 0);
      expect(await refused.result).toContain(`process 1 of ${hostname()}, since`);
      const second = locker(contained, 10_000);
      first.child.kill("SIGKILL");
      expect(await second.result).toBe("locked as 1\n");
    },
  );
});
