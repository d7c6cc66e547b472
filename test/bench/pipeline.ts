import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crashDataOf } from "@mayday/signature";
import { dataFolder, type Pipeline, startPipeline } from "../system/pipeline.ts";
import { postBytes } from "../system/submit.ts";
import { cpuOf } from "./collector/cpu.ts";
import { absent, compare, program, sharedFile } from "./measure.ts";
import { residentMb } from "./resident.ts";
import { untilSearchable } from "./until-searchable.ts";

/** Until hot code is compiled and symcaches are warm. */
const WARM_UPS = 300;
const CRASHES = 300;
/** Submitted at once. */
const CLIENTS = 8;

/**
 * A whole pipeline as `npm start` brings it up: Firefox' own submission again and again, symcaches warm, from POST to
 * searchable: crashes a second, time of all processors per crash, memory.
 */
export async function pipeline(): Promise<void> {
  const firefox = sharedFile("firefox-esr-153");
  if (firefox === undefined) return absent("Firefox's recorded submission");
  const data = await dataFolder();
  const running = await startPipeline(data.path, { SYMBOL_SOURCES: join(firefox, "symbols") });
  try {
    const submission = recorded(join(firefox, "submissions"));
    await submitAll(running, submission, WARM_UPS);
    await untilSearchable(running, "product=Firefox", WARM_UPS);
    const cpuBefore = cpuOf(running.pid);
    const started = performance.now();
    await submitAll(running, submission, CRASHES);
    await untilSearchable(running, "product=Firefox", WARM_UPS + CRASHES);
    const seconds = (performance.now() - started) / 1000;
    const cpuMs = (cpuOf(running.pid) - cpuBefore) / CRASHES;
    console.log(`  ${CRASHES} crashes from POST to searchable: ${(CRASHES / seconds).toFixed(1)} a second`);
    console.log(`  processor time: ${cpuMs.toFixed(1)} ms a crash, of all processes together`);
    peers(cpuMs, dumpIn(submission.body), join(firefox, "symbols"));
    console.log(`  memory: ${residentMb(running.pid).toFixed(0)} MB resident`);
  } finally {
    await running.end("SIGTERM");
    await data.remove();
  }
}

/** The same crash through the peers' programs: their time of the processor beside ours, JSON and signature alone. */
function peers(ours: number, dump: Buffer, symbols: string): void {
  const walker = program("minidump-stackwalk");
  const signify = program("signify");
  if (walker === undefined || signify === undefined) {
    absent("minidump-stackwalk (cargo install minidump-stackwalk) and signify (pip install siggen)");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  const file = join(folder, "a.dmp");
  writeFileSync(file, dump);
  const before = cpuOf(process.pid);
  for (let run = 0; run < PEER_RUNS; run++) {
    const walked = spawnSync(walker, ["--json", "--symbols-path", symbols, file], PLENTY);
    if (walked.status !== 0) throw new Error(`minidump-stackwalk: ${walked.stderr}`);
    const crash = JSON.stringify(crashDataOf({ json_dump: JSON.parse(walked.stdout) }));
    const signed = spawnSync(signify, [], { ...PLENTY, input: crash });
    if (signed.status !== 0) throw new Error(`signify: ${signed.stderr}`);
  }
  const theirs = (cpuOf(process.pid) - before) / PEER_RUNS;
  rmSync(folder, { recursive: true });
  compare("processor time of a crash", ours, "minidump-stackwalk and siggen alone", theirs, "ms");
}

const PEER_RUNS = 5;
const PLENTY = { encoding: "utf8", maxBuffer: 1e9 } as const;

/** The main dump of a recorded submission. */
function dumpIn(body: Buffer): Buffer {
  const boundary = body.subarray(0, body.indexOf("\r\n"));
  const part = body.indexOf('name="upload_file_minidump"');
  const from = body.indexOf("\r\n\r\n", part) + 4;
  return body.subarray(from, body.indexOf(Buffer.concat([Buffer.from("\r\n"), boundary]), from));
}

interface Submission {
  readonly body: Buffer;
  readonly url: string;
  readonly headers: Record<string, string>;
}

function recorded(folder: string): Submission {
  const body = readFileSync(join(folder, "parent-sigsegv.multipart"));
  const { url, headers } = JSON.parse(readFileSync(join(folder, "parent-sigsegv.request.json"), "utf8"));
  return { body, url, headers };
}

async function submitAll({ collector }: Pipeline, { body, url, headers }: Submission, count: number) {
  let left = count;
  const client = async () => {
    while (left-- > 0) {
      const { status, text } = await postBytes(`${collector}${url}`, body, headers);
      if (status !== 200 || !text.startsWith("CrashID=")) throw new Error(`the collector answers ${text}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}
