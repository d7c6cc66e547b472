import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { DEBUG_ID, symText } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";

const script = fileURLToPath(new URL("../test-support/ask-symbols.ts", import.meta.url));
const base = await temporaryFolder();
const text = symText(
  "FUNC 1000 10 0 f",
  ...Array.from(
    { length: 10_000 },
    (_, i) => `FUNC ${(0x2000 + 16 * i).toString(16)} 10 0 function number ${i}`,
  ),
);
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/** A symbol server of that one text. `answers` counts them; while it stalls, none goes further than half. */
async function symbolServer() {
  const state = { answers: 0, stalls: false, address: "" };
  const server = createServer((request, response) => {
    if (!request.url?.includes(`/app/${DEBUG_ID}/app.sym`) || request.url.includes(".symcache")) {
      response.writeHead(404).end();
      return;
    }
    state.answers++;
    if (state.stalls) response.write(text.subarray(0, text.length / 2));
    else response.end(text);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  state.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

const args = (folder: string, place: string, workers: number) => [
  script,
  folder,
  place,
  "app",
  DEBUG_ID,
  String(workers),
];

interface Answer {
  readonly events: readonly string[];
  readonly functions: readonly string[];
}

async function ask(folder: string, place: string, workers: number): Promise<Answer> {
  const { stdout } = await promisify(execFile)(process.execPath, args(folder, place, workers));
  return JSON.parse(stdout);
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((done) => child.once("exit", done));
  }
}

describe("workers of several processes", () => {
  it("that ask for the same new module at once fetch and build it once, all 200 of them", async () => {
    const folder = join(base, "many");
    const server = await symbolServer();
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(folder, server.address, 50)));
    const events = answers.flatMap(({ events }) => events);
    expect(events.filter((event) => event === "built")).toHaveLength(1);
    expect(events.filter((event) => event === "disk")).toHaveLength(199);
    expect(answers.flatMap(({ functions }) => functions)).toEqual(Array(200).fill("f"));
    expect(server.answers).toBe(1);
  }, 60_000);

  it("go on with a folder in which a build was killed at any moment", async () => {
    const folder = join(base, "killed");
    const server = await symbolServer();
    server.stalls = true;
    // First within a build, then at moments of a whole run that come as they come.
    for (const moment of [undefined, 60, 90, 120, 150, 180]) {
      const child = spawn(process.execPath, args(folder, server.address, 1), { stdio: "ignore" });
      if (moment === undefined) while (server.answers === 0) await sleep(5);
      else await sleep(moment);
      child.kill("SIGKILL");
      await exited(child);
      server.stalls = false;
    }
    const started = performance.now();
    const { functions } = await ask(folder, server.address, 3);
    expect(functions).toEqual(["f", "f", "f"]);
    // The lock that a killed process left holds nobody up.
    expect(performance.now() - started).toBeLessThan(10_000);
    const again = await ask(folder, server.address, 1);
    expect(again).toEqual({ events: ["disk"], functions: ["f"] });
  }, 60_000);
});

/** A file system of one megabyte; undefined where none can be had. */
function tinyDisk(): string | undefined {
  if (process.getuid?.() !== 0 || process.platform !== "linux") return undefined;
  const place = join(base, "tiny");
  spawnSync("mkdir", ["-p", place]);
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", place]);
  if (status !== 0) return undefined;
  afterAll(() => {
    spawnSync("umount", [place]);
  });
  return place;
}

const disk = tinyDisk();

describe.skipIf(disk === undefined)("a full disk (needs root, to mount one)", () => {
  it("costs the folder the symcache, with a clear reason and no half file, and nobody its symbols", async () => {
    spawnSync("dd", ["if=/dev/zero", `of=${disk}/full`, "bs=1k", "count=990"]);
    const folder = join(disk!, "symcaches");
    await mkdir(folder).catch(() => undefined);
    const server = await symbolServer();
    const { events, functions } = await ask(folder, server.address, 1);
    expect(functions).toEqual(["f"]);
    expect(events).toEqual(["unsaved", "built"]);
    const files = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    expect(files.filter((name) => name.includes(".symcache"))).toEqual([]);
  }, 30_000);
});
