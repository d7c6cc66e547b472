import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type CrashData, generateSignature, loadSiglists } from "@mayday/signature";
import { generateCrashes } from "../conformance/signature/generator/generate-crashes.ts";
import { listedNames } from "../conformance/signature/listed-names.ts";
import { absent, compare, sharedFile } from "./measure.ts";

const SEED = 20_260_820;
const GENERATED = 5000;
const RUNS = 11;

/** CPU times of passes over the crashes of a file, ms; documents are parsed beforehand. */
const siggenProgram = `
import json, sys, time
from siggen.generator import SignatureGenerator
generator = SignatureGenerator(signature_list_dir=sys.argv[1])
crashes = [json.loads(line) for line in open(sys.argv[2])]
times = []
for run in range(3):
    started = time.process_time()
    for crash in crashes:
        generator.generate(crash)
    times.append((time.process_time() - started) * 1000)
print(json.dumps(times))
`;

/** Signatures a second of one core's time, with Mozilla's lists, beside siggen. */
export async function signature(): Promise<void> {
  const lists = sharedFile("socorro-siglists");
  const cases = sharedFile("signature-cases/cases.jsonl.gz");
  if (lists === undefined || cases === undefined) return absent("Mozilla's lists (MAYDAY_SHARED_DATA)");
  const recorded = gunzipSync(readFileSync(cases)).toString("utf8").trimEnd().split("\n");
  const generated = Array.from(generateCrashes(SEED, GENERATED, listedNames(lists)));
  await measure(`${GENERATED} generated crashes (seed ${SEED})`, generated, lists);
  await measure(
    "500 crashes that share hardly a function",
    recorded.map((line) => JSON.parse(line)),
    lists,
  );
}

async function measure(what: string, crashes: readonly CrashData[], lists: string): Promise<void> {
  const perSecond = (ms: number) => (crashes.length / ms) * 1000;
  const ours = await cpuTime(crashes, lists);
  const theirs = siggenTime(crashes, lists);
  if (theirs === undefined) {
    console.log(`  ${what}: ${perSecond(ours).toFixed(0)} signatures/s`);
    return absent("siggen (pip install siggen)");
  }
  compare(what, perSecond(ours), "siggen", perSecond(theirs), "signatures/s");
}

/** CPU time of one pass, ms, the median of several. Each begins with lists that remember nothing. */
async function cpuTime(crashes: readonly CrashData[], lists: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const siglists = await loadSiglists(lists);
    const before = process.cpuUsage();
    for (const crash of crashes) generateSignature(crash, siglists);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return middle(times);
}

function siggenTime(crashes: readonly CrashData[], lists: string): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  const file = join(folder, "crashes.jsonl");
  writeFileSync(file, crashes.map((crash) => `${JSON.stringify(crash)}\n`).join(""));
  const { status, stdout } = spawnSync("python3", ["-c", siggenProgram, lists, file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return status === 0 ? middle(JSON.parse(stdout)) : undefined;
}

const middle = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[times.length >> 1] as number;
