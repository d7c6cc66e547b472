import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { tryLock } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));
const source = new URL("./index.ts", import.meta.url).href;
const holding = (file: string) => `const { tryLock } = await import(${JSON.stringify(source)});
  if (tryLock(${JSON.stringify(file)}) === undefined) throw new Error("not free");
  setInterval(() => {}, 1000);`;

describe("a lock", () => {
  it("is had once, and again when it was let go", () => {
    const file = join(folder, "one");
    const unlock = tryLock(file);
    expect(unlock).toBeDefined();
    expect(tryLock(file)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(["one"]);
    expect(tryLock(join(folder, "other"))).toBeDefined();
    unlock?.();
    const again = tryLock(file);
    expect(again).toBeDefined();
    again?.();
    expect(statSync(file).size).toBe(0);
  });

  it("of a process that was killed is free", async () => {
    const file = join(folder, "process");
    const program = `${holding(file)} console.log("locked");`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", program]);
    await once(other.stdout, "data");
    expect(tryLock(file)).toBeUndefined();
    other.kill("SIGKILL");
    await once(other, "exit");
    expect(tryLock(file)).toBeDefined();
  });

  it("of a thread that was ended is free", async () => {
    const file = join(folder, "thread");
    const program = `const { parentPort } = await import("node:worker_threads");
      ${holding(file)} parentPort.postMessage("locked");`;
    const code = `data:text/javascript,${encodeURIComponent(program)}`;
    const thread = new Worker(new URL(code));
    await once(thread, "message");
    expect(tryLock(file)).toBeUndefined();
    await thread.terminate();
    expect(tryLock(file)).toBeDefined();
  });

  it("that cannot be had for another reason says why", () => {
    expect(() => tryLock(join(folder, "no", "folder"))).toThrow("unable to open");
  });
});
