import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { dataFolder, repository } from "./pipeline.ts";
import { demoAnnotations, demoDump, postForm } from "./submit.ts";

// Containers on one volume: each has process ids of its own, and the collector is process 1 or so in all of them.
const APART = ["--pid", "--mount", "--mount-proc", "--fork", "--kill-child"];
const canUnshare = spawnSync("unshare", [...APART, "true"]).status === 0;

const data = await dataFolder();
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await data.remove();
});

function startApart() {
  const child = spawn("unshare", [...APART, process.execPath, "services/collector/src/main.ts"], {
    cwd: repository,
    env: {
      PATH: process.env["PATH"],
      MAYDAY_DATA_DIR: data.path,
      REDIS_URL: join(data.path, "no-redis.sock"),
      COLLECTOR_PORT: "0",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push(child);
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (log.length < 1e6) log += chunk.toString();
  });
  const ended = once(child, "exit");
  const url = vi.waitUntil(() => /"url":"(http:[^"]+)"/.exec(log)?.[1], { timeout: 60_000, interval: 50 });
  // One that is refused never listens.
  url.catch(() => undefined);
  return { child, ended, url, log: () => log };
}

async function submit(url: string, reports: number): Promise<string[]> {
  const ids: string[] = [];
  const client = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const answer = await postForm(url, demoAnnotations(), { upload_file_minidump: demoDump() });
      ids.push(/CrashID=bp-(\S+)/.exec(answer.text)?.[1] ?? answer.text);
    }
  };
  await Promise.all(Array.from({ length: 10 }, () => client(reports / 10)));
  return ids;
}

it.skipIf(!canUnshare)(
  "of two collectors in containers on one folder the second is refused, takes over when the first is killed, and no report is lost (needs unshare)",
  async () => {
    const first = startApart();
    const url = await first.url;
    const refused = startApart();
    const ids = await submit(url, 500);
    expect((await refused.ended)[0]).not.toBe(0);
    expect(refused.log()).toMatch(/process \d+ of \S+, since [^"]+ uses /);

    const second = startApart();
    first.child.kill("SIGKILL");
    ids.push(...(await submit(await second.url, 500)));
    expect(new Set(ids).size).toBe(1000);
    await vi.waitFor(
      () => {
        const files = readdirSync(join(data.path, "crashes/v1/raw_crash"), { recursive: true });
        const stored = new Set(files.map((file) => basename(String(file))));
        expect(ids.filter((id) => !stored.has(id))).toEqual([]);
      },
      { timeout: 30_000, interval: 500 },
    );
  },
  120_000,
);
