import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serverProgram } from "../../packages/storage/src/test-support/servers.ts";
import { mulberry32 } from "../mulberry32.ts";
import { ensurePeers } from "../peers.ts";
import { Nemesis } from "./nemesis.ts";
import { processorPart } from "./processor/processor-part.ts";
import { openStage, type Stage, type StageStore } from "./stage.ts";
import { submitAll } from "./submissions.ts";
import { countLost, countVisible, waitUntilProcessed, waitUntilStored } from "./verify.ts";

const WAIT_LIMIT_MS = 45 * 60_000;

const { values } = parseArgs({
  options: {
    reports: { type: "string", default: "50000" },
    kills: { type: "string", default: "20" },
    store: { type: "string", default: "s3" },
    part: { type: "string", default: "collector" },
    crashes: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
});
const reports = Number(values.reports);
const kills = Number(values.kills);
const seed = Number(values.seed);

async function run(stage: Stage): Promise<boolean> {
  const random = mulberry32(seed);
  const nemesis = new Nemesis(stage.victims, { kills, reports }, mulberry32(seed + 1));
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  const { answered, repeated } = await submitAll(stage.collector, reports, random, (count) =>
    nemesis.answered(count),
  );
  await nemesis.done();
  const killed = stage.victims.map(({ name, kills: times }) => `${name} ${times}`).join(", ");
  console.log(
    `  ${answered.length} answered with a crash id in ${seconds()} s; ${repeated} sent again; kill -9: ${killed}`,
  );
  const distinct = new Set(answered.map(({ crashId }) => crashId)).size;
  const unstored = await waitUntilStored(stage, answered, WAIT_LIMIT_MS);
  const lost = await countLost(stage, answered);
  console.log(
    `  ${distinct} distinct ids; ${unstored} not in storage, ${lost} lost or with another checksum (${seconds()} s)`,
  );
  const unprocessed = await waitUntilProcessed(stage, answered, WAIT_LIMIT_MS);
  console.log(`  ${unprocessed} not processed (${seconds()} s)`);
  const { stored, visible } = await countVisible(stage, WAIT_LIMIT_MS);
  console.log(`  ${stored} reports in storage, ${visible} crashes visible (${seconds()} s)`);
  return distinct === reports && lost === 0 && unprocessed === 0 && stored === visible;
}

/** The store that was asked for; the file system where S3's server is not there. */
function storeNamed(name: string): StageStore {
  if (name === "fs") return { kind: name };
  if (name !== "s3") throw new Error(`--store is s3 or fs, not ${name}`);
  ensurePeers(["versitygw"]);
  const program = serverProgram("versitygw");
  if (program !== undefined) return { kind: "s3", program };
  console.log("  the store is fs");
  return { kind: "fs" };
}

const folder = mkdtempSync(join(tmpdir(), "mayday-chaos-"));
if (values.part === "processor") {
  const store = storeNamed(values.store);
  const isPassed = await processorPart({ crashes: Number(values.crashes), kills, seed, folder, store });
  if (isPassed) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(isPassed ? 0 : 1);
}
console.log(`chaos: ${reports} reports, each victim killed ${kills} times; seed ${seed}`);
const store = storeNamed(values.store);
const stage = await openStage(folder, store);
console.log(`  store: ${store.kind}`);
let passed = false;
try {
  passed = await run(stage);
} finally {
  await stage.end();
  if (passed) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  else console.log(`  data and logs are kept in ${folder}`);
}
console.log(passed ? `passed; seed ${seed}` : `FAILED; again with --seed ${seed} --store ${values.store}`);
process.exit(passed ? 0 : 1);
