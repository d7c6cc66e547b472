/** Every service as processes of its own, against real servers; all of them are killed under load. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Nemesis } from "../chaos/nemesis.ts";
import { mulberry32 } from "../mulberry32.ts";
import { checkOut } from "./checkout.ts";
import { submitAll, uploadSymbols, verify } from "./load.ts";
import { runNetwork } from "./network.ts";
import type { RedisKind, StoreKind } from "./servers.ts";
import { openStage, type Stage } from "./stage.ts";

const { values } = parseArgs({
  options: {
    crashes: { type: "string" },
    kills: { type: "string", default: "3" },
    store: { type: "string", default: "s3" },
    redis: { type: "string", default: "alone" },
    upgrade: { type: "string" },
    part: { type: "string", default: "services" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
});
const isNetwork = values.part === "network";
const crashes = Number(values.crashes ?? (isNetwork ? 300 : 2000));
const kills = Number(values.kills);
const seed = Number(values.seed);
if (
  !["services", "network"].includes(values.part) ||
  !["s3", "gcs"].includes(values.store) ||
  !["alone", "cluster"].includes(values.redis)
) {
  console.error(
    "usage: npm run apart [-- --crashes 2000 --kills 3 --store s3|gcs --redis alone|cluster --upgrade HEAD~20 --seed 1], or npm run apart -- --part network [--crashes 300]",
  );
  process.exit(2);
}

async function run(stage: Stage): Promise<boolean> {
  uploadSymbols(stage);
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  const victims = [
    ...stage.parts.map(({ victim }) => victim),
    ...Object.values(stage.servers).flatMap((server) => server.victims),
  ];
  const nemesis = new Nemesis(victims, { kills, reports: crashes }, mulberry32(seed + 1));
  const { ids, repeated } = await submitAll(stage.urls("collector"), crashes, mulberry32(seed), (answered) =>
    nemesis.answered(answered),
  );
  await nemesis.done();
  const killed = victims.map((victim) => `${victim.name} ${victim.kills}`).join(", ");
  console.log(`  answered in ${seconds()} s, ${repeated} sent again; kill -9: ${killed}`);
  return verify(stage, ids, seconds);
}

const folder = mkdtempSync(join(tmpdir(), "mayday-apart-"));
if (isNetwork) {
  console.log(`apart: ${crashes} crashes between two hosts, seed ${seed}`);
  finish(await runNetwork(folder, crashes, seed));
}
console.log(
  `apart: ${crashes} crashes, each part killed ${kills} times; store ${values.store}, redis ${values.redis}, seed ${seed}`,
);
const earlier = join(folder, "earlier");
if (values.upgrade !== undefined) {
  console.log(`  all begin as ${values.upgrade} and are started again as this checkout`);
  checkOut(values.upgrade, earlier);
}
const stage = await openStage(folder, {
  store: values.store as StoreKind,
  redis: values.redis as RedisKind,
  ...(values.upgrade === undefined ? {} : { earlier }),
});
let isPassed = false;
try {
  isPassed = await run(stage);
} catch (error) {
  console.error(error);
} finally {
  await stage.end();
}
finish(isPassed);

function finish(isPassed: boolean): never {
  if (isPassed) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  else console.log(`  data and logs are kept in ${folder}`);
  console.log(isPassed ? `passed; seed ${seed}` : `FAILED; again with --seed ${seed}`);
  process.exit(isPassed ? 0 : 1);
}
