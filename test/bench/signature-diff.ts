import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { defaultSiglistsFolder, type SignatureDiff, siglistFiles } from "@mayday/signature";
import { generateCrashes } from "../conformance/signature/generator/generate-crashes.ts";
import { listedNames } from "../conformance/signature/listed-names.ts";
import { countAnew, numbersOf } from "./recount.ts";

const SEED = 20_260_820;
const CRASHES = 100_000;
/** Each is stored under several ids. */
const DISTINCT = 20_000;
const DAY = "20261101";
const MODULES = 120;
const PROCESSED = "crashes/v1/processed_crash";

/** `mayday signature diff` over stored crashes, and whether its numbers are those of counting anew. */
export async function signatureDiff(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  try {
    const bytes = storeCrashes(folder);
    const newer = writeNewerLists(join(folder, "lists"));
    const started = performance.now();
    const printed = diffBy(folder, newer);
    const seconds = (performance.now() - started) / 1000;
    const size = (bytes / CRASHES / 1000).toFixed(0);
    console.log(
      `  ${CRASHES} stored crashes of ${size} kB: ${seconds.toFixed(1)} s; ${printed.changed} change`,
    );
    const anew = await countAnew(join(folder, PROCESSED), defaultSiglistsFolder, newer);
    const isRight = isDeepStrictEqual(numbersOf(printed), anew);
    console.log(`  its numbers are those of counting anew: ${isRight ? "yes" : "NO"}`);
    return isRight;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes files as the store has them, without its syncing; the answer is the size of all processed crashes. */
function storeCrashes(folder: string): number {
  const raw = join(folder, "crashes/v1/raw_crash", DAY);
  const processed = join(folder, PROCESSED);
  for (const made of [raw, processed]) mkdirSync(made, { recursive: true });
  const modules = Array.from({ length: MODULES }, (_, index) => ({
    filename: `libtea${index}.so.1`,
    debug_file: `libtea${index}.so.1`,
    debug_id: `${index.toString(16).padStart(32, "A")}0`,
    base_addr: `0x${(index + 1).toString(16)}0000000`,
    end_addr: `0x${(index + 1).toString(16)}0800000`,
    version: "1.4.0",
  }));
  let bytes = 0;
  let index = 0;
  for (const crash of generateCrashes(SEED, DISTINCT, listedNames(defaultSiglistsFolder))) {
    const { threads, os, reason, crashing_thread, ...fields } = crash;
    const crash_info = { type: reason, crashing_thread };
    const json_dump = { crash_info, system_info: { os }, modules, threads };
    for (let copy = 0; copy < CRASHES / DISTINCT; copy++, index++) {
      const uuid = `${index.toString(16).padStart(8, "0")}-0000-4000-8000-0000000${DAY.slice(3)}`;
      const text = JSON.stringify({ uuid, product: "Teapot", ...fields, json_dump });
      bytes += text.length;
      writeFileSync(join(raw, uuid), "{}");
      writeFileSync(join(processed, uuid), text);
    }
  }
  return bytes;
}

/** The project's own lists with lines of each kind taken out and put in. */
function writeNewerLists(folder: string): string {
  mkdirSync(folder);
  for (const file of siglistFiles) {
    const lines = readFileSync(join(defaultSiglistsFolder, file), "utf8").split("\n");
    const kept = lines.filter((line, index) => line.startsWith("#") || index % 7 !== 0);
    const added =
      file === "irrelevant_signature_re.txt" ? ["std::__1::", "gfx::"] : ["mozilla::dom::", "webrtc::"];
    writeFileSync(join(folder, file), [...kept, ...added].join("\n"));
  }
  return folder;
}

function diffBy(data: string, siglists: string): SignatureDiff {
  const args = ["signature", "diff", "--json", "--data", data, "--siglists", siglists];
  const { status, stdout } = spawnSync(process.execPath, ["services/cli/src/main.ts", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1024 ** 3,
  });
  if (status !== 0) throw new Error(`mayday signature diff ended with code ${status}`);
  return JSON.parse(stdout);
}
