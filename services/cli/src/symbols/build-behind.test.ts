import { existsSync, globSync } from "node:fs";
import { appendFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runMayday } from "../test-support/run-mayday.ts";

const fixtures = fileURLToPath(new URL("../../../../fixtures/", import.meta.url));
const dump = join(fixtures, "demo/demo.dmp");
const folder = await mkdtemp(join(tmpdir(), "mayday-behind-"));
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const symbols = join(folder, "symbols");
await cp(join(fixtures, "symbols"), symbols, { recursive: true });
const [teapot = ""] = globSync("teapot/*/teapot.sym", { cwd: symbols });
const module = teapot.replace(/\/teapot\.sym$/, "");
// Grown to a size at which a symcache is worth a process of its own.
await appendFile(join(symbols, teapot), `FILE 99999 ${"x".repeat(1000)}\n`.repeat(9000));

let caches = 0;
const newCache = () => join(folder, `cache-${caches++}`);
const builtIn = (cache: string) =>
  globSync("*/*/*.symcache", { cwd: cache }).map((path) => path.split("/")[0]);

async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

describe("a command that answers from large symbol files", () => {
  it("answers at once, and has their symcaches built behind it, with which it answers the same", async () => {
    const cache = newCache();
    const args = ["stackwalk", dump, "--symbols", symbols, "--symbols-cache", cache];
    const first = await runMayday(args);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(first.out).crashing_thread.frames[0].function).toContain("teapot::");
    await eventually(() => builtIn(cache).length === 2 && !existsSync(join(cache, ".locks/behind")));
    expect(await runMayday(args)).toEqual(first);
  });

  it("builds first where nothing is to be done behind it", async () => {
    const cache = newCache();
    const args = ["stackwalk", dump, "--symbols", symbols, "--symbols-cache", cache, "--no-build-behind"];
    expect(await runMayday(args)).toMatchObject({ code: 0, err: "" });
    expect(builtIn(cache).sort()).toEqual(["libc.so.6", "teapot"]);
  });

  it("builds nothing of small ones", async () => {
    const cache = newCache();
    const args = ["stackwalk", dump, "--symbols", join(fixtures, "symbols"), "--symbols-cache", cache];
    expect(await runMayday(args)).toMatchObject({ code: 0, err: "" });
    await sleep(300);
    expect(existsSync(cache)).toBe(false);
  });

  it("says nothing when the symcaches cannot be kept", async () => {
    const cache = join(dump, "no-folder");
    const args = ["stackwalk", dump, "--symbols", symbols, "--symbols-cache", cache];
    expect(await runMayday(args)).toMatchObject({ code: 0, err: "" });
  });
});

describe("mayday symcache fetch", () => {
  const fetch = (cache: string, ...modules: readonly string[]) =>
    runMayday(["symcache", "fetch", "--symbols", symbols, "--symbols-cache", cache, ...modules]);

  it("puts symcaches where later commands find them", async () => {
    const cache = newCache();
    expect(await fetch(cache, module)).toEqual({ code: 0, out: "", err: "" });
    expect(builtIn(cache)).toEqual(["teapot"]);
  });

  it("says of which module there are no symbols", async () => {
    const { code, err } = await fetch(newCache(), `none/${"1".repeat(33)}`);
    expect([code, err]).toEqual([1, expect.stringMatching(/^none\/1+: missing: no source has them\n$/)]);
  });

  it("leaves it to another process that does so behind a command", async () => {
    const cache = newCache();
    const behind = () => fetch(cache, module, "--behind");
    const [one, other] = await Promise.all([behind(), behind()]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect(builtIn(cache)).toEqual(["teapot"]);
  });
});
