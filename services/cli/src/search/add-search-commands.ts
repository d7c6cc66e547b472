import { text } from "node:stream/consumers";
import { type Command, InvalidArgumentError, Option } from "commander";
import { searchClient } from "./search-client.ts";
import { tableFormats } from "./tables.ts";

/** Adds `supersearch`, `supersearchfacet` and `fetch-data`, which take what crashstats-tools' programs of these names take. */
export function addSearchCommands(program: Command): void {
  const command = (name: string, says: string): Command =>
    program
      .command(name)
      .description(`${says}; the token is that of MAYDAY_TOKEN or CRASHSTATS_API_TOKEN`)
      .option("--host <url>", "address of the webapp; that of MAYDAY_URL, else http://127.0.0.1:8020")
      .addOption(new Option("--url <url>", "the same").conflicts("host"));
  const searching = (name: string, says: string): Command =>
    command(name, says)
      .argument("[parameters...]", "of the search, as `--product=Firefox`; docs/search.md tells which")
      .allowUnknownOption()
      .option("--supersearch-url <url>", "address of a search page whose parameters to begin with");

  const searched = searching("supersearch", "search for crashes and print them")
    .addOption(new Option("--num <n>", "how many, or `all`").default(100).argParser(parseMost))
    .option("--headers", "with the columns' names")
    .addOption(new Option("--format <format>").choices([...tableFormats, "json"]).default("tab"));
  addNo(searched, "headers").action(async (args: string[], { host, url, ...options }) => {
    const { superSearch } = await import("./supersearch-command.ts");
    await superSearch(args, { headers: false, ...options }, searchClient(host ?? url, process.env));
  });

  const counted = searching("supersearchfacet", "count crashes by their fields")
    .option("--start-date <date>", "YYYY-MM-DD or YYYY-MM-DD HH:MM:SS")
    .option("--end-date <date>", "the same, or today, yesterday", "today")
    .addOption(
      new Option("--relative-range <range>", "so long before the end: 12h, 7d, 2w")
        .default(7 * 86_400_000, "7d")
        .argParser(parseRange),
    )
    .addOption(new Option("--format <format>").choices([...tableFormats, "json", "raw"]).default("table"))
    .option("--denote-weekends", "mark Saturdays and Sundays")
    .option("--leftover-count", "show what the terms do not account for");
  addNo(addNo(counted, "denote-weekends"), "leftover-count").action(
    async (args: string[], { host, url, ...options }) => {
      const { superSearchFacet } = await import("./facet-command.ts");
      const given = { denoteWeekends: false, leftoverCount: false, ...options };
      await superSearchFacet(args, given, searchClient(host ?? url, process.env), new Date());
    },
  );

  const fetched = command("fetch-data", "fetch crashes into a folder")
    .argument("<folder>", "where to")
    .argument("[crashes...]", "crash ids; those of the standard input when there are none")
    .option("--raw", "raw crashes", true)
    .option("--dumps", "dumps", false)
    .option("--processed", "processed crashes", false)
    .option("--overwrite", "fetch what is there already", true)
    .option("--stats", "no line for each file", false)
    .addOption(new Option("--workers <n>", "how many at once, 1 to 10").default(1).argParser(parseWorkers));
  for (const name of ["raw", "dumps", "processed", "overwrite", "stats"]) addNo(fetched, name);
  fetched.action(async (folder: string, crashes: string[], { host, url, ...options }) => {
    const client = searchClient(host ?? url, process.env);
    if ((options.dumps || options.workers > 1) && !client.hasToken)
      fetched.error("error: --dumps and --workers need a token");
    const given =
      crashes.length > 0 || process.stdin.isTTY ? crashes : (await text(process.stdin)).split("\n");
    const { fetchData } = await import("./fetch-data-command.ts");
    const ids = given.filter((one) => one.trim() !== "");
    if ((await fetchData(folder, ids, options, client)) > 0) process.exitCode = 1;
  });
}

/** Adds an option's opposite. */
const addNo = (command: Command, name: string): Command => command.option(`--no-${name}`, `not --${name}`);

function parseMost(given: string): number {
  if (given === "all") return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new InvalidArgumentError("It must be a whole number, or all.");
  return Number(given);
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

function parseRange(given: string): number {
  const [, count, unit] = /^(\d{1,5})([hdw])$/i.exec(given) ?? [];
  if (count === undefined) throw new InvalidArgumentError("It must be a range as 12h, 7d, 2w.");
  return Number(count) * UNITS[unit!.toLowerCase()]!;
}

function parseWorkers(given: string): number {
  if (!/^\d{1,4}$/.test(given)) throw new InvalidArgumentError("It must be a number from 1 to 10.");
  return Math.min(10, Math.max(1, Number(given)));
}
