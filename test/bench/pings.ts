import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mulberry32 } from "../mulberry32.ts";
import { readQueuedPing } from "../real/pings.ts";
import { dataFolder, type Pipeline, startPipeline } from "../system/pipeline.ts";
import { cpuOf } from "./collector/cpu.ts";
import { absent, compare, sharedFile } from "./measure.ts";
import { residentMb } from "./resident.ts";
import { untilSearchable } from "./until-searchable.ts";

const WARM_UPS = 2_000;
const PINGS = 20_000;
const PEER_PINGS = 500;
/** Connections that send at once. */
const CLIENTS = 16;
/** Frames that differ from ping to ping, and by how much at most, bytes. */
const MOVED = 4;
const FARTHEST = 0x40_000;

interface Stack {
  readonly threads: readonly { readonly frames: { ip: string; module_index?: number }[] }[];
}

interface Ping {
  readonly path: string;
  readonly body: Buffer;
  readonly stack: Stack;
}

/**
 * Crash pings as Firefox sends them, each with another stack in the same modules, symcaches warm, from POST to
 * searchable; beside the same pings in fx-crash-sig's way, with our own symbolication server for Eliot.
 */
export async function pings(): Promise<void> {
  const firefox = sharedFile("firefox-esr-153");
  if (firefox === undefined) return absent("Firefox's recorded pings");
  const data = await dataFolder();
  const running = await startPipeline(data.path, {
    SYMBOL_SOURCES: join(firefox, "symbols"),
  });
  try {
    const template = readQueuedPing(join(firefox, "pings", "08200776-0fff-4c57-ad59-49038829dd82.glean"));
    const made = variants(template, WARM_UPS + PINGS);
    await sendAll(running, made.slice(0, WARM_UPS));
    await untilSearchable(running, "source=ping", WARM_UPS);
    const cpuBefore = cpuOf(running.pid);
    const started = performance.now();
    await sendAll(running, made.slice(WARM_UPS));
    const accepted = (performance.now() - started) / 1000;
    await untilSearchable(running, "source=ping", WARM_UPS + PINGS);
    const seconds = (performance.now() - started) / 1000;
    const cpuMs = (cpuOf(running.pid) - cpuBefore) / PINGS;
    console.log(
      `  ${PINGS} pings from POST to searchable: ${(PINGS / seconds).toFixed(0)} a second (accepted at ${(PINGS / accepted).toFixed(0)})`,
    );
    console.log(`  memory: ${residentMb(running.pid).toFixed(0)} MB resident`);
    peer(running, made.slice(0, PEER_PINGS), cpuMs, seconds / PINGS);
  } finally {
    await running.end("SIGTERM");
    await data.remove();
  }
}

/** The ping again and again: with ids of their own, and the innermost frames somewhere else in their modules. */
function variants({ path, body }: { path: string; body: string }, count: number): Ping[] {
  const random = mulberry32(23);
  const parsed = JSON.parse(body);
  const source = JSON.parse(parsed.metrics.object["meta.annotations"].source);
  const stack = JSON.parse(source.StackTraces);
  const folder = path.slice(0, path.lastIndexOf("/"));
  return Array.from({ length: count }, () => {
    const frames = stack.threads[stack.crash_thread].frames.map(
      (frame: Stack["threads"][0]["frames"][0], index: number) =>
        index === 0 || index > MOVED
          ? frame
          : { ...frame, ip: `0x${(Number(frame.ip) + Math.floor(random() * FARTHEST)).toString(16)}` },
    );
    const moved = { ...stack, threads: [{ ...stack.threads[stack.crash_thread], frames }], crash_thread: 0 };
    const said = { ...source, StackTraces: JSON.stringify(moved) };
    const objects = { ...parsed.metrics.object, "meta.annotations": { source: JSON.stringify(said) } };
    const ping = { ...parsed, metrics: { ...parsed.metrics, object: objects } };
    return { path: `${folder}/${randomUUID()}`, body: Buffer.from(JSON.stringify(ping)), stack: moved };
  });
}

async function sendAll({ collector }: Pipeline, made: readonly Ping[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  let next = 0;
  const client = async () => {
    for (let ping = made[next++]; ping !== undefined; ping = made[next++]) await send(agent, collector, ping);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
}

function send(agent: Agent, collector: string, { path, body }: Ping): Promise<void> {
  return new Promise((done, failed) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const outgoing = request(`${collector}${path}`, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () =>
        response.statusCode === 200
          ? done()
          : failed(new Error(`the collector answers ${response.statusCode}`)),
      );
    });
    outgoing.on("error", failed);
    outgoing.end(body);
  });
}

function peer(running: Pipeline, made: readonly Ping[], ourCpuMs: number, ourSeconds: number): void {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  const file = join(folder, "pings.jsonl");
  writeFileSync(file, made.map(({ stack }) => JSON.stringify(stack)).join("\n"));
  const script = fileURLToPath(new URL("fx-crash-sig-way.py", import.meta.url));
  const server = cpuOf(running.pid);
  const { status, stdout } = spawnSync("python3", [script, `${running.symbols}/symbolicate/v5`, file], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const serverMs = cpuOf(running.pid) - server;
  rmSync(folder, { recursive: true });
  if (status !== 0) {
    absent("requests and siggen (pip install siggen crashstats-tools)");
    return;
  }
  const { seconds, cpu } = JSON.parse(stdout) as { seconds: number; cpu: number };
  const name = "fx-crash-sig's way, symbolication and signature alone";
  compare("pings", 1 / ourSeconds, name, made.length / seconds, "/s");
  compare("processor time of a ping", ourCpuMs, name, (cpu * 1000 + serverMs) / made.length, "ms");
}
