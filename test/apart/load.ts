import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCrashJobs, createPublisher } from "@mayday/queue";
import { type Report, reports, submitOnce } from "../chaos/processor/reports.ts";
import { idsBelow, untilJobsEnd, untilNone } from "../chaos/verify.ts";
import { demoSymbols } from "../system/submit.ts";
import { repository, type Stage } from "./stage.ts";

const CLIENTS = 8;
const LIMIT_MS = 15 * 60_000;
/** What a search gives at once, and in all: no more than so many crashes can be told apart here. */
const PAGE = 1000;
const MOST_HITS = 10_000;

/** Runs a `mayday` command with the environment of the services, and returns what it printed. */
export function mayday(stage: Stage, args: readonly string[], settings: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, "services/cli/src/main.ts"), ...args],
    {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...stage.environment, ...settings },
    },
  );
  if (status !== 0) throw new Error(`mayday ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** Uploads the demo's symbols with a token of the records. */
export function uploadSymbols(stage: Stage): void {
  const token = mayday(stage, ["tokens", "create", "--permissions", "upload_symbols", "--days", "1"]);
  const url = stage.urls("symbols")[0]!;
  mayday(stage, ["symbols", "upload", "--url", url, demoSymbols], { MAYDAY_TOKEN: token });
}

/**
 * Sends reports to all collectors by turns; what is not answered with a crash id is sent to the next one.
 * @param onAnswered told how many are answered
 * @returns the crash ids of the answers, and how many reports were sent again
 */
export async function submitAll(
  collectors: readonly string[],
  count: number,
  random: () => number,
  onAnswered: (answered: number) => void = () => undefined,
): Promise<{ ids: string[]; repeated: number }> {
  const kinds = reports();
  const ids: string[] = [];
  let next = 0;
  let turn = 0;
  let repeated = 0;
  const send = async (report: Report): Promise<string> => {
    for (;;) {
      const id = await submitOnce(collectors[turn++ % collectors.length]!, report);
      if (id !== undefined) return id;
      repeated++;
      await sleep(20 + random() * 200);
    }
  };
  const client = async () => {
    while (next < count) {
      ids.push(await send(kinds[next++ % kinds.length]!(random)));
      onAnswered(ids.length);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { ids, repeated };
}

/**
 * Waits until all is done, and tells in lines what came of it: every crash that was answered is stored and processed, every
 * crash in storage is visible through each webapp, once; no job is left or set aside, and the demo's crashes have one
 * signature.
 * @returns whether all of that holds
 */
export async function verify(
  stage: Pick<Stage, "store" | "environment" | "urls">,
  ids: readonly string[],
  seconds: () => string,
): Promise<boolean> {
  const distinct = new Set(ids).size;
  const missing = (prefix: string) => async () => {
    const there = await idsBelow(stage.store, prefix);
    return ids.filter((id) => !there.has(id)).length;
  };
  const unstored = await untilNone("to be stored", LIMIT_MS, missing("v1/raw_crash/"));
  const unprocessed = await untilNone("to be processed", LIMIT_MS, missing("v1/processed_crash/"));
  console.log(
    `  ${ids.length} answered, ${distinct} distinct; ${unstored} not stored, ${unprocessed} not processed (${seconds()} s)`,
  );
  const { stuck, setAside } = await jobsLeft(stage);
  const stored = (await idsBelow(stage.store, "v1/raw_crash/")).size;
  let isVisible = true;
  for (const webapp of stage.urls("webapp")) {
    const seen = await visibleIn(webapp, stored);
    console.log(
      `  ${stored} in storage; ${seen.visible} visible, ${seen.distinct} of them distinct, in ${webapp} (${seconds()} s)`,
    );
    isVisible &&= seen.visible === stored && seen.distinct === stored;
  }
  const signatures = await signaturesOfDemo(stage.urls("webapp")[0]!);
  console.log(
    `  jobs left ${stuck}, set aside ${setAside}; the demo's signatures: ${signatures.join(" · ")}`,
  );
  const isWhole = unstored + unprocessed + stuck + setAside === 0 && distinct === ids.length;
  return isWhole && isVisible && signatures.length === 1;
}

async function jobsLeft({
  environment,
}: Pick<Stage, "environment">): Promise<{ stuck: number; setAside: number }> {
  const redisUrl = environment["REDIS_URL"]!;
  const jobs = createCrashJobs(redisUrl, () => undefined);
  const publisher = createPublisher(redisUrl, () => undefined);
  try {
    const stuck = await untilJobsEnd(publisher, LIMIT_MS);
    return { stuck, setAside: (await jobs.setAside()).length };
  } finally {
    await Promise.all([jobs.close(), publisher.close()]);
  }
}

async function visibleIn(webapp: string, wanted: number): Promise<{ visible: number; distinct: number }> {
  let visible = 0;
  await untilNone("to be visible", LIMIT_MS, async () => {
    visible = (await search(webapp, "_results_number=0")).total;
    return Math.abs(wanted - visible);
  });
  // Engines only estimate how many are distinct.
  const uuids = new Set<string>();
  for (let offset = 0; offset < Math.min(visible, MOST_HITS); offset += PAGE) {
    const { hits } = await search(
      webapp,
      `_columns=uuid&_sort=uuid&_results_number=${PAGE}&_results_offset=${offset}`,
    );
    for (const { uuid } of hits) uuids.add(uuid);
  }
  return { visible, distinct: uuids.size };
}

async function signaturesOfDemo(webapp: string): Promise<string[]> {
  const { facets } = await search(webapp, "_results_number=0&product=Teapot&_facets=signature");
  return (facets?.signature ?? []).map(({ term, count }: any) => `${term} ${count}`);
}

async function search(webapp: string, query: string): Promise<any> {
  return (await fetch(`${webapp}/api/SuperSearch/?${query}`)).json();
}
