import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mulberry32 } from "../mulberry32.ts";
import { type MovedPing, movedPings, postPing } from "../real/moved-pings.ts";
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
    const another = movedPings(firefox, mulberry32(23));
    const made = Array.from({ length: WARM_UPS + PINGS }, another);
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

async function sendAll({ collector }: Pipeline, made: readonly MovedPing[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  let next = 0;
  const client = async () => {
    for (let ping = made[next++]; ping !== undefined; ping = made[next++])
      await postPing(agent, collector, ping);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
}

function peer(running: Pipeline, made: readonly MovedPing[], ourCpuMs: number, ourSeconds: number): void {
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
