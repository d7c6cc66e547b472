import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { endWithUs } from "../end-with-us.ts";

/** A whole pipeline, started as `npm start` starts it, on ports and data of its own. */
export interface Pipeline {
  readonly collector: string;
  readonly symbols: string;
  readonly webapp: string;
  /** What it printed up to the ready line. */
  readonly output: string;
  /** Ends it with `signal` and waits; the result is its exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Its process id. */
  readonly pid: number;
  /** The process id of its redis-server. */
  redisPid(): number;
}

export const repository = fileURLToPath(new URL("../../", import.meta.url));
const READY_LIMIT_MS = 60_000;

/** Starts a pipeline on a data folder and waits for its ready line. */
export async function startPipeline(
  dataDir: string,
  environment: Record<string, string> = {},
  options: readonly string[] = [],
): Promise<Pipeline> {
  const up = ["services/cli/src/main.ts", "up", ...options];
  const child = spawn(process.execPath, up, {
    cwd: repository,
    env: {
      PATH: process.env["PATH"],
      MAYDAY_DATA_DIR: dataDir,
      MAYDAY_DEMO: "0",
      COLLECTOR_PORT: "0",
      SYMBOLS_PORT: "0",
      WEBAPP_PORT: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // It ends the Redis that it has started, where it is asked to.
  endWithUs(child, "SIGTERM");
  const output = await untilReady(child);
  const url = (name: string) => new RegExp(`^mayday ready.* ${name}=(\\S+)`, "m").exec(output)?.[1] ?? "";
  return {
    collector: url("collector"),
    symbols: url("symbols"),
    webapp: url("webapp"),
    output,
    pid: child.pid as number,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = new Promise<number | null>((done) => child.once("exit", done));
      child.kill(signal);
      return ended;
    },
    redisPid: () => childOf(child.pid as number, "redis-server"),
  };
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((ready, failed) => {
    let output = "";
    const fail = (why: string) => failed(new Error(`${why}; it printed:\n${output}`));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail("the pipeline was not ready in time");
    }, READY_LIMIT_MS);
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (!/^mayday ready .*\n/m.test(output)) return;
      clearTimeout(timer);
      ready(output);
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`the pipeline ended with code ${code}`);
    });
  });
}

/** The process id of a child of `parent` whose program is `name` (Linux). */
function childOf(parent: number, name: string): number {
  const tasks = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ");
  const found = tasks.find((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim() === name);
  if (found === undefined) throw new Error(`process ${parent} has no child ${name}`);
  return Number(found);
}

/** An empty data folder; `remove` takes it away again. */
export async function dataFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "mayday-system-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Asks again and again until `ask` answers something. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  limitMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(100);
  }
}

/** The processed crash, once there is one. */
export function processedCrash(webapp: string, crashId: string): Promise<Record<string, any>> {
  return eventually(`processed crash ${crashId}`, async () => {
    const response = await fetch(`${webapp}/api/ProcessedCrash/?crash_id=${crashId}`);
    if (response.ok) return (await response.json()) as Record<string, any>;
    await response.body?.cancel();
    return undefined;
  });
}

/** The crash id in a collector's answer. */
export function crashIdIn(answer: string): string {
  const id = /^CrashID=bp-([0-9a-f-]{36})\n$/.exec(answer)?.[1];
  if (id === undefined) throw new Error(`no crash id in ${JSON.stringify(answer)}`);
  return id;
}
