import { type Command, InvalidArgumentError, Option } from "commander";
import type { OpenRecords } from "../records/with-records.ts";

/** Adds `jobs`, `delete` and `reprocess`. */
export function addJobsCommands(program: Command, open: OpenRecords): void {
  const jobs = program.command("jobs").description("look after the jobs of a running Mayday");
  const asking = (command: Command) =>
    command
      .option("--url <url>", "the webapp (default: MAYDAY_URL, else the one of MAYDAY_DATA_DIR)")
      .option("--token <token>", "an API token (default: MAYDAY_TOKEN, else one made for this command)");
  asking(jobs.command("list").description("show how many jobs each queue has, and the bulk jobs"))
    .option("--json", "as JSON")
    .action(async (options) => (await import("./jobs-command.ts")).listJobs(options, open));
  asking(
    jobs
      .command("failed")
      .description("show crashes that were set aside, and those that wait for what is away"),
  )
    .option("--json", "as JSON lines")
    .action(async (options) => (await import("./jobs-command.ts")).listFailed(options, open));
  for (const [name, description] of [
    ["retry", "give crashes that were set aside another chance"],
    ["discard", "forget crashes that were set aside; what is stored of them stays"],
  ] as const) {
    asking(jobs.command(name).description(description).argument("[crash-ids...]", "crash ids"))
      .option("--all", "all that were set aside")
      .action(async (ids: string[], options) =>
        (await import("./jobs-command.ts")).changeFailed(name, ids, options, open),
      );
  }
  for (const [name, description] of [
    ["start", "start a bulk job that was counted"],
    ["pause", "pause a bulk job"],
    ["resume", "go on with a bulk job that was paused"],
    ["cancel", "end a bulk job; what is queued already is still processed"],
  ] as const) {
    asking(jobs.command(name).description(description).argument("<id>", "its id, as `list` tells it")).action(
      async (id: string, options) =>
        (await import("./jobs-command.ts")).changeBulkJob(name, id, options, open),
    );
  }
  asking(
    program
      .command("delete")
      .description("have all that is stored of a client deleted: crashes, dumps, pings, index"),
  )
    .requiredOption("--client-id <id>", "the client's id, a UUID")
    .action(async (options) => (await import("./jobs-command.ts")).deleteClient(options, open));
  asking(program.command("deletions").description("list requests for deletion and what was deleted"))
    .option("--client-id <id>", "those of one client")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./jobs-command.ts")).listDeletions(options, open));
  asking(
    program
      .command("reprocess")
      .description(
        "have crashes processed again: those named, those a search finds, or those that missed a module's symbols",
      )
      .argument(
        "[crash-ids...]",
        "crash ids, each with :regenerate_signature for the signature alone; without any, from stdin",
      ),
  )
    .option("--query <query>", "a Super Search's parameters: product=Firefox&date=>2026-11-01")
    .option(
      "--module <name>",
      "a module as debug_file/DEBUG_ID, or the debug id alone; may be repeated",
      collect,
      [],
    )
    .addOption(
      new Option("--ruleset <name>", "which rules")
        .choices(["default", "regenerate_signature"])
        .default("default"),
    )
    .option("--rate <n>", "crashes a second at most", parseRate)
    .option("--count", "only count them")
    .option("--allow-many", "begin with more than 10,000 crashes")
    .option("--no-wait", "do not wait for the end")
    .action(async (ids: string[], options) =>
      (await import("./reprocess-command.ts")).reprocess(ids, options, open),
    );
}

const collect = (one: string, others: readonly string[]) => [...others, one];

function parseRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 1000)) throw new InvalidArgumentError("It must be a number up to 1000.");
  return rate;
}
