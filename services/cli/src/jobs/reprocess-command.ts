import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { MaydayError } from "@mayday/errors";
import { progressOn } from "../progress.ts";
import type { OpenRecords } from "../records/with-records.ts";
import { type BulkJobJson, bulkLine } from "./jobs-command.ts";
import { type ClientOptions, type WebappClient, withWebapp } from "./webapp-client.ts";

export interface ReprocessOptions extends ClientOptions {
  readonly query?: string;
  readonly module: readonly string[];
  readonly ruleset: string;
  readonly rate?: number;
  readonly count?: true;
  readonly allowMany?: true;
  readonly wait: boolean;
}

/** As crashstats-tools' `reprocess` asks for more. */
const MANY = 10_000;
const LOOK_EVERY_MS = 1000;

/** `mayday reprocess`: counts the crashes, has them processed again, and waits for the end. */
export async function reprocess(
  given: readonly string[],
  options: ReprocessOptions,
  open: OpenRecords,
): Promise<void> {
  const forms = formsOf(await chosen(given, options), options);
  const jobs = await withWebapp(options, ["reprocess_crashes", "view_pii"], open, async (client) => {
    const counted: BulkJobJson[] = [];
    for (const form of forms) counted.push(await client.post<BulkJobJson>("BulkReprocessing", form));
    return begin(counted, options, client);
  });
  for (const job of jobs) console.log(bulkLine(job));
  if (jobs.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

/** What is to be reprocessed: exactly one way of saying it. */
async function chosen(
  given: readonly string[],
  { query, module }: ReprocessOptions,
): Promise<URLSearchParams> {
  const ways = [given.length > 0, query !== undefined, module.length > 0].filter(Boolean).length;
  if (ways > 1) throw new MaydayError("USAGE", "reprocess wants crash ids, --query or --module, one of them");
  if (query !== undefined) return new URLSearchParams({ query });
  if (module.length > 0) return new URLSearchParams(module.map((name): [string, string] => ["module", name]));
  const ids = given.length > 0 ? given : process.stdin.isTTY ? [] : words(await text(process.stdin));
  if (ids.length === 0) throw new MaydayError("USAGE", "reprocess wants crash ids, --query or --module");
  return new URLSearchParams(ids.map((id): [string, string] => ["crash_ids", id]));
}

const words = (lines: string) => lines.split(/\s+/).filter((word) => word !== "");

/** A job has one ruleset: ids that name theirs make a job for each. */
function formsOf(asked: URLSearchParams, { ruleset, rate }: ReprocessOptions): URLSearchParams[] {
  const byRuleset = Map.groupBy(
    asked,
    ([name, value]) => (name === "crash_ids" && rulesetIn(value)) || ruleset,
  );
  return [...byRuleset].map(([name, pairs]) => {
    const form = new URLSearchParams(pairs);
    form.set("ruleset", name);
    if (rate !== undefined) form.set("rate", String(rate));
    return form;
  });
}

const rulesetIn = (id: string) => /:([a-z_]+)$/.exec(id)?.[1];

async function begin(
  counted: readonly BulkJobJson[],
  options: ReprocessOptions,
  client: WebappClient,
): Promise<readonly BulkJobJson[]> {
  const total = counted.reduce((sum, job) => sum + job.total, 0);
  console.error(`${total} crashes`);
  const isTooMany = total > MANY && options.allowMany !== true;
  if (options.count || isTooMany) {
    const ended = await changeAll(counted, "cancel", client);
    if (options.count) return ended;
    throw new MaydayError("USAGE", `more than ${MANY} crashes want --allow-many`);
  }
  const started = await changeAll(counted, "start", client);
  return options.wait ? untilOver(started, total, client) : started;
}

const changeAll = (jobs: readonly BulkJobJson[], action: string, client: WebappClient) =>
  Promise.all(
    jobs.map(({ id }) => client.post<BulkJobJson>("ChangeJobs", new URLSearchParams({ action, id }))),
  );

async function untilOver(
  jobs: readonly BulkJobJson[],
  total: number,
  client: WebappClient,
): Promise<readonly BulkJobJson[]> {
  const progress = progressOn(process.stderr, (done) => `${done} of ${total} done`);
  let told = 0;
  try {
    for (let now = jobs; ; ) {
      const done = now.reduce((sum, job) => sum + job.done, 0);
      progress.add(done - told);
      told = done;
      if (now.every(({ state }) => state === "done" || state === "cancelled")) return now;
      await sleep(LOOK_EVERY_MS);
      now = await Promise.all(now.map(({ id }) => client.get<BulkJobJson>("BulkJob", { id })));
    }
  } finally {
    progress.end();
  }
}
