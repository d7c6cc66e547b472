import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { cpuOf } from "./collector/cpu.ts";
import { startOurs } from "./collector/ours.ts";
import { findPeer, type Peer } from "./collector/peer.ts";
import type { Runner } from "./collector/runner.ts";
import { absent, fixture, program } from "./measure.ts";

/** Counting files is work, too: it is not to be in the way of those who write them. */
const COUNT_EVERY_MS = 200;
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 4);
const SIZES = numbers("BENCH_SIZES", [100_000, 900_000]);
const CLIENTS = numbers("BENCH_CLIENTS", [1, 16, 64]);

/** Until hot code is compiled; with many clients, so that it is soon. */
const WARM_UP_SECONDS = 5;
const WARM_UP_CLIENTS = 16;

function numbers(name: string, otherwise: readonly number[]): readonly number[] {
  return process.env[name]?.split(",").map(Number) ?? otherwise;
}

interface Load {
  readonly reports: number;
  readonly failures: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface Measured extends Load {
  /** Until the last report was in storage. */
  readonly storedPerSecond: number;
  readonly cpuMs: number;
}

/**
 * Taking reports, beside Antenna or an equivalent of it (gunicorn, falcon, two workers) on the same disk: answered reports
 * a second, CPU per report up to its place in storage, p99. Ours flushes before it answers and queues on a Redis; the peer
 * does neither. BENCH_BASE names another checkout of Mayday, to be measured in the same run; BENCH_SIZES (bytes) and
 * BENCH_CLIENTS, with commas between, name the rows.
 */
export async function collector(): Promise<void> {
  const peer = findPeer();
  if (peer === undefined) {
    absent(
      "gunicorn (pip install gunicorn falcon markus datadog dockerflow, or what Antenna asks for; BENCH_PEER names the bin folder)",
    );
  }
  if (program("redis-server") === undefined) return absent("redis-server");
  console.log(`  the peer is ${peer?.name ?? "not there"}; ${SECONDS} s each`);
  const top = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  try {
    for (const size of SIZES) {
      for (const compressed of [false, true]) await compareAt(size, compressed, peer, top);
    }
  } finally {
    // Not sooner: for minutes after many files were deleted ext4 is slow to make new ones, and that is nobody's merit.
    // Until then they stand there empty.
    rmSync(top, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function compareAt(
  size: number,
  compressed: boolean,
  peer: Peer | undefined,
  top: string,
): Promise<void> {
  const request = requestOf(size, compressed);
  const base = process.env["BENCH_BASE"];
  for (const clients of CLIENTS) {
    console.log(`  ${size / 1000} KB ${compressed ? "gzip" : "plain"}, ${clients} clients`);
    const ours = await measure((folder) => startOurs(folder), request, clients, top);
    console.log(`    ours ${text(ours)}`);
    if (base !== undefined) {
      compare("the base", ours, await measure((folder) => startOurs(folder, base), request, clients, top));
    }
    if (peer !== undefined) compare("the peer", ours, await measure(peer.start, request, clients, top));
  }
}

function compare(name: string, ours: Measured, theirs: Measured): void {
  console.log(`    ${name} ${text(theirs)}`);
  console.log(
    `    ours to ${name}: reports/s ${(ours.perSecond / theirs.perSecond).toFixed(2)}, ` +
      `stored/s ${(ours.storedPerSecond / theirs.storedPerSecond).toFixed(2)}, ` +
      `CPU ${(ours.cpuMs / theirs.cpuMs).toFixed(2)}, p99 ${(ours.p99 / theirs.p99).toFixed(2)}`,
  );
}

function text({ perSecond, storedPerSecond, cpuMs, p50, p99, failures }: Measured): string {
  return (
    `${perSecond.toFixed(0)}/s (stored ${storedPerSecond.toFixed(0)}/s), ${cpuMs.toFixed(2)} ms CPU, ` +
    `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms${failures > 0 ? `, ${failures} FAILED` : ""}`
  );
}

async function measure(
  start: (folder: string) => Promise<Runner>,
  request: Buffer,
  clients: number,
  top: string,
): Promise<Measured> {
  const folder = mkdtempSync(join(top, "run-"));
  const runner = await start(folder);
  try {
    await load(runner.port, request, WARM_UP_CLIENTS, WARM_UP_SECONDS);
    await settled(runner);
    const pid = runner.child.pid as number;
    const before = { cpu: cpuOf(pid), stored: runner.stored() };
    const started = performance.now();
    const result = await load(runner.port, request, clients, SECONDS);
    while (runner.stored() < before.stored + result.reports) await sleep(COUNT_EVERY_MS);
    const took = (performance.now() - started) / 1000;
    await sleep(300);
    const cpuMs = (cpuOf(pid) - before.cpu) / result.reports;
    return { ...result, cpuMs, storedPerSecond: result.reports / took };
  } finally {
    for (const child of [runner.child, ...runner.beside]) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      // One that was stopped ends when it goes on.
      child.kill("SIGCONT");
      await ended;
    }
    empty(folder);
  }
}

/** Frees the disk: the runs together write more than many have. */
function empty(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) truncateSync(join(entry.parentPath, entry.name));
  }
}

/** What the warm-up sent is in storage. */
async function settled(runner: Runner): Promise<void> {
  for (let last = -1; runner.stored() !== last; await sleep(500)) last = runner.stored();
}

async function load(port: number, request: Buffer, clients: number, seconds: number): Promise<Load> {
  const file = fileURLToPath(new URL("./collector/load.ts", import.meta.url));
  const child = spawn(process.execPath, [file, String(port), String(clients), String(seconds)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(request);
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await once(child, "close");
  return JSON.parse(output) as Load;
}

/** A whole HTTP request with a report of about `size` bytes: annotations as Firefox sends them, and a dump. */
function requestOf(size: number, compressed: boolean): Buffer {
  const demo = readFileSync(fixture("demo/demo.dmp"));
  const annotations: Record<string, string> = {
    ...JSON.parse(readFileSync(fixture("demo/annotations.json"), "utf8")),
    ProductName: "Firefox",
    ReleaseChannel: "nightly",
    // Never kept: taking them out is part of the work.
    TelemetryClientId: "00000000-0000-4000-8000-000000000001",
    TelemetrySessionId: "00000000-0000-4000-8000-000000000002",
    TelemetryServerURL: "https://incoming.telemetry.example.org",
    TelemetryEnvironment: JSON.stringify({ system: { os: { name: "Linux" }, memoryMB: 24_105 } }).repeat(50),
  };
  for (let count = 0; count < 60; count++) annotations[`Annotation${count}`] = `value ${count}`;
  const head = Buffer.from(
    `--b1\r\nContent-Disposition: form-data; name="extra"; filename="extra.json"\r\nContent-Type: application/json\r\n\r\n` +
      `${JSON.stringify(annotations)}\r\n--b1\r\nContent-Disposition: form-data; name="upload_file_minidump"; ` +
      `filename="a.dmp"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  const end = Buffer.from("\r\n--b1--\r\n");
  const dump = Buffer.alloc(size - head.length - end.length, demo);
  const plain = Buffer.concat([head, dump, end]);
  const body = compressed ? gzipSync(plain) : plain;
  const lines = [
    "POST /submit HTTP/1.1",
    "Host: 127.0.0.1",
    "User-Agent: bench",
    "Content-Type: multipart/form-data; boundary=b1",
    `Content-Length: ${body.length}`,
    ...(compressed ? ["Content-Encoding: gzip"] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), body]);
}
